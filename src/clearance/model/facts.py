"""What a campaign established, before anybody judges it: rules read these facts and nothing else."""

import msgspec

from clearance.model.finding import ChannelClass
from clearance.model.ids import Digest, FactorName, LevelName, RunId


class Exemplar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place with its value on both sides."""

    place: str
    baseline: str
    staged: str
    names: tuple[str, ...] = ()
    """Named differences (code points, separators)."""
    traces: tuple[Digest, ...] = ()
    levels: dict[FactorName, LevelName] = {}
    """Levels of the run that showed the staged value, where they differ from the baseline."""


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Places whose content depends on factors, confirmed on fresh runs."""

    channel: ChannelClass
    factors: tuple[FactorName, ...]
    trigger: dict[FactorName, LevelName]
    """The smallest one found."""
    triggers: tuple[dict[FactorName, LevelName], ...] = ()
    """Every smallest trigger found, when different levels lead to different values."""
    readable: bool = False
    """A person sees another text (though not the staged value)."""
    mechanisms: tuple[str, ...] = ()
    exemplars: tuple[Exemplar, ...]
    places: int
    """How many places carry it."""
    p_value: float
    replicates: int
    bits: float
    values: int
    """Distinguishable values seen, the baseline's included."""
    hosts: tuple[str, ...] = ()
    """Receivers that the baseline never turns to: hosts, or hosts with a port where only that is new."""
    silent: bool = False
    """Nothing is sent to the model any more."""
    appears: bool = False
    """Something is there that the baseline does not have, or goes elsewhere."""


class Leak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A canary that left."""

    canary: str
    kind: str
    lay_in: str
    """File or variable where it was planted."""
    disguise: str
    """``plain`` or the layers, outermost first: ``base64 of gzip``."""
    place: str
    host: str
    expected: bool
    """The script asked for the file that holds it."""
    runs: tuple[RunId, ...]
    traces: tuple[Digest, ...]
    excerpt: str
    """Redacted."""


class Shortfall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that could not be staged, seen or tested, in words."""

    kind: str
    """``factor``, ``certificate``, ``undecoded``, ``outcome``, ``limit``, ``noise``, ``budget``, ``behaviour`` …"""
    message: str
    factors: tuple[FactorName, ...] = ()
    where: str = ""
    advice: str = ""
    blocks_verdict: bool = False


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that rules may read of one campaign."""

    channels: tuple[Channel, ...]
    leaks: tuple[Leak, ...]
    shortfalls: tuple[Shortfall, ...]
    tested_factors: tuple[FactorName, ...]
    """Factors that were staged at least once at another level than the baseline."""
    baseline_runs: int
    """Usable baseline replicates."""
    places: int
    """Places compared."""
    canaries: int
    """Canaries planted."""
    asked_files: tuple[str, ...] = ()
    """Files that the script asked the tool to read: sending them is expected."""
