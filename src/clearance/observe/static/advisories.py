"""One record of the OSV schema: which versions it is about, how bad it says that is, and what else it is called."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from clearance.model.contents import BundledPackage, Vulnerability
from clearance.observe.static.cvss import severity_of
from clearance.observe.static.version_order import Order, order_of

_MOST_SUMMARY: Final = 400
_PREFERRED: Final = ("MAL-", "GHSA-", "CVE-")


class _Package(msgspec.Struct, frozen=True, kw_only=True):
    ecosystem: str = ""
    name: str = ""


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None


class _Range(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    events: tuple[_Event, ...] = ()


class _Rated(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    score: str = ""


class _Specific(msgspec.Struct, frozen=True, kw_only=True):
    severity: str | None = None


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """Versions of one package."""

    package: _Package = _Package()
    ranges: tuple[_Range, ...] = ()
    versions: tuple[str, ...] = ()
    severity: tuple[_Rated, ...] = ()
    database_specific: msgspec.Raw = msgspec.Raw()
    ecosystem_specific: msgspec.Raw = msgspec.Raw()

    def holds(self, version: str) -> bool:
        """Whether the version is listed, or falls into a range; a version that cannot be ordered falls into none."""
        return version in self.versions or any(_within(self._order(), r, version) for r in self.ranges if _counts(r))

    def fixed(self, version: str) -> str:
        """The least version above this one in which it is fixed; empty where none is named."""
        order = self._order()
        here = order(version)
        fixes = [
            (at, e.fixed) for r in self.ranges if _counts(r) for e in r.events if e.fixed and (at := order(e.fixed))
        ]
        later = [(at, text) for at, text in fixes if here is None or at > here]
        return min(later, key=lambda pair: pair[0])[1] if later else ""

    def _order(self) -> Order:
        return order_of(self.package.ecosystem)


class Advisory(msgspec.Struct, frozen=True, kw_only=True):
    """The record, as far as it matters here."""

    id: str
    summary: str = ""
    details: str = ""
    aliases: tuple[str, ...] = ()
    withdrawn: str | None = None
    affected: tuple[Affected, ...] = ()
    severity: tuple[_Rated, ...] = ()
    database_specific: msgspec.Raw = msgspec.Raw()

    @property
    def title(self) -> str:
        """One line of what is the matter, with the flaw's CVE where that is not its name."""
        lines = self.details.strip().splitlines()
        line = (self.summary or (lines[0] if lines else "")).strip()[:_MOST_SUMMARY]
        cve = next((alias for alias in self.aliases if alias.startswith("CVE-")), "")
        return f"{line} ({cve})" if cve and not self.id.startswith("CVE-") else line

    def rating(self, affected: Affected) -> str:
        """``CRITICAL``, ``HIGH``, ``MODERATE`` … as a database wrote it, or as its vector says; empty if neither."""
        if self.id.startswith("MAL-"):
            return "CRITICAL"  # these records rate nothing: the package itself is the attack
        specific = (affected.ecosystem_specific, affected.database_specific, self.database_specific)
        words = (word for raw in specific if (word := _word(raw)))
        vectors = (severity_of(rated.score) for rated in (*affected.severity, *self.severity))
        return next(words, "") or next(filter(None, vectors), "")


_DECODER: Final = msgspec.json.Decoder(Advisory)
_SPECIFIC: Final = msgspec.json.Decoder(_Specific)


def read_advisory(record: bytes) -> Advisory | None:
    """The record; None for bytes that are none."""
    try:
        return _DECODER.decode(record)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def joined(package: BundledPackage, hits: Iterable[tuple[Advisory, Affected]]) -> Iterator[Vulnerability]:
    """One row for each flaw: what several records say of it is put together, under the best known name."""
    for same in _same_flaws(list(hits)):
        ordered = sorted(same, key=lambda hit: (_rank(hit[0].id), hit[0].id))
        yield Vulnerability(
            package=package.name,
            version=package.version,
            ecosystem=package.ecosystem,
            advisory=ordered[0][0].id,
            summary=next((hit[0].title for hit in ordered if hit[0].title), ""),
            severity=next((rating for hit in ordered if (rating := hit[0].rating(hit[1]))), ""),
            fixed=next((fixed for hit in ordered if (fixed := hit[1].fixed(package.version))), ""),
            path=package.path,
        )


def _same_flaws(hits: list[tuple[Advisory, Affected]]) -> Iterable[list[tuple[Advisory, Affected]]]:
    """Hits whose names meet, directly or through another's."""
    groups: list[tuple[set[str], list[tuple[Advisory, Affected]]]] = []
    for hit in hits:
        names = {hit[0].id, *hit[0].aliases}
        members = [hit]
        apart = []
        for group in groups:
            if group[0] & names:
                names |= group[0]
                members = [*group[1], *members]
            else:
                apart.append(group)
        groups = [*apart, (names, members)]
    return [members for _, members in groups]


def _rank(name: str) -> int:
    return next((i for i, prefix in enumerate(_PREFERRED) if name.startswith(prefix)), len(_PREFERRED))


def _counts(wanted: _Range) -> bool:
    return wanted.type in {"SEMVER", "ECOSYSTEM"}


def _within(order: Order, wanted: _Range, version: str) -> bool:
    """The evaluation that the OSV schema describes: events in order of their versions switch it on and off."""
    here = order(version)
    if here is None:
        return False
    within = False
    for at, kind in sorted(_events(order, wanted.events), key=lambda event: event[0]):
        if kind == "introduced" and here >= at:
            within = True
        elif (kind == "fixed" and here >= at) or (kind == "last_affected" and here > at):
            within = False
    return within


def _events(order: Order, events: Sequence[_Event]) -> Iterator[tuple[tuple[object, ...], str]]:
    for event in events:
        for kind, text in (
            ("introduced", event.introduced),
            ("fixed", event.fixed),
            ("last_affected", event.last_affected),
        ):
            if text is not None and (at := order(text)) is not None:
                yield at, kind


def _word(raw: msgspec.Raw) -> str:
    """The word of a database's own part of a record; empty for what has none."""
    try:
        return _SPECIFIC.decode(raw).severity or "" if bytes(raw) else ""
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""
