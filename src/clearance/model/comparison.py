"""Two releases side by side, and the search for the release that changed."""

import msgspec

from clearance.model.release import Release


class ReleaseChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One difference between two releases."""

    kind: str
    """``finding``, ``hidden string``, ``read``, ``prompt``, ``endpoint``, ``capability``, ``literal``, ``property``,
    ``package``, ``dependency``, ``installation``, ``extension``, ``publisher``, ``size``, ``unopened`` …"""
    how: str
    """``added``, ``removed`` or ``changed``."""
    subject: str
    """What, in a few words."""
    before: str = ""
    after: str = ""
    detail: str = ""
    """Text of the difference: a unified diff for prompts."""
    where: str = ""
    near: tuple[str, ...] = ()
    """What stands around it in code, where that matters."""


class RankedChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change, and how much a person should care."""

    change: ReleaseChange
    concern: int
    """0 to 100."""
    why: str


class ReleaseComparison(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two releases and what is different, in order of concern."""

    before: Release
    after: Release
    changes: tuple[RankedChange, ...]
    literals: tuple[int, int, int, int]
    """Literals and property names in the first, in the second, new, gone."""
    created: str
    tool: str


class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One release that a search looked at."""

    version: str
    published: str = ""
    has: bool | None
    """Whether it has the finding; None: nobody could say, ``note`` says why."""
    how: str
    """``static``, ``experiment`` or ``static and experiment``."""
    cached: bool = False
    note: str = ""
    evidence: str = ""


class Edge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two neighbouring releases of which one has the finding."""

    without: str
    having: str
    brings: bool
    """True: the later one brought it in; False: the later one is without it."""


class Bisection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The search for the releases that brought a finding in and took it out."""

    assistant: str
    finding: str
    first: str
    last: str
    releases: int
    """Releases in the range."""
    probes: tuple[Probe, ...]
    """Those that were looked at, in the order of the range."""
    edges: tuple[Edge, ...]
    assumption: str
    created: str
    tool: str
