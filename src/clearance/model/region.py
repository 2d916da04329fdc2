"""Where a provider's offer holds and who owns whom, as dated snapshots with sources.

Listed, not listed and unknown are three answers. A fact without source and date cannot be built.
"""

import enum

import msgspec

from clearance.model.use import AccessChannel


class ListedState(enum.StrEnum):
    """Whether a snapshot names a place."""

    LISTED = "listed"
    NOT_LISTED = "not listed"
    UNKNOWN = "unknown"


class Party(enum.StrEnum):
    """The three whose rules count for one use."""

    TOOL = "tool"
    MODEL = "model"
    CHANNEL = "channel"


class RuleKind(enum.StrEnum):
    """How a provider's rule is judged."""

    LISTED_COUNTRIES = "listed-countries"
    MAJORITY_OWNERSHIP = "majority-ownership"
    NO_PLACE_RULE = "no-place-rule"
    """A source shows that place does not matter here: an open-source client, a channel without a list."""
    NOT_FOUND = "not-found"
    """There may be a rule and nobody has found it: unknown."""


class Sourced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every fact carries."""

    source: str
    seen: str
    """The day on which the source was read."""
    verified: str = "page"
    """``page``: read at the provider or a stored copy of it; ``third``: told by somebody else; ``package``."""

    def __post_init__(self) -> None:
        """Refuse a fact without a source or a date."""
        if not self.source or not self.seen:
            raise ValueError("a fact needs its source and the day it was seen")


class Snapshot(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A provider's list of places, as it was on one day."""

    id: str
    provider: str
    from_: str = msgspec.field(default="", name="from")
    """The day from which it counts, UTC; always where it is empty."""
    listed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Looked for and not there."""
    complete: bool = False
    """True: what is not listed is not listed. False: it is unknown unless it is in ``absent``."""
    parts_left_out: tuple[str, ...] = ()
    """ISO 3166-2 parts of listed countries that are not listed."""
    note: str = ""


class ProviderRule(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One rule of one provider, for the parties and channels that it is about."""

    id: str
    provider: str
    kind: RuleKind
    parties: tuple[Party, ...]
    channels: tuple[AccessChannel, ...] = ()
    tools: tuple[str, ...] = ()
    list: str = ""
    """The provider whose snapshots are read; this one's where it is empty."""
    threshold: float = 50.0
    """Ownership: barred above this percentage."""
    measure: str = "either"
    """Ownership: ``control`` (links that are each above the threshold), ``shares`` (multiplied), ``either``."""
    from_: str = msgspec.field(default="", name="from")
    text: str


class Measure(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something dated that a state or a provider put on a model: a withdrawal, a condition."""

    id: str
    effect: str
    """``deny``, ``ask`` or ``condition``."""
    models: tuple[str, ...]
    from_: str = msgspec.field(default="", name="from")
    until: str = ""
    zone: str = "UTC"
    countries: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    text: str


class Owner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who holds a share; ``dispersed`` is many holders none of whom counts."""

    entity: str = ""
    percent: float
    dispersed: bool = False


class LegalEntity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A company: where it sits and who owns it."""

    id: str
    title: str = ""
    headquarters: str = ""
    """ISO 3166-1; empty: not known."""
    zone: str = ""
    owners: tuple[Owner, ...] = ()
    independent: bool = False
    """True: it is known that nobody else holds a share that counts."""
    source: str = ""
    seen: str = ""


class Ownership(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a company belongs to companies that sit in places that are not listed."""

    control: float
    """Per cent, when whoever holds more than the threshold of an owner counts as that owner."""
    shares: float
    """Per cent, multiplied along the chains."""
    unknown: float
    """Per cent that may come on top, by the more cautious of the two."""
    chain: tuple[str, ...] = ()
    """The heaviest chain in words, from the company upwards."""
