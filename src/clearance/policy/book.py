"""The records of an organisation, made ready for many decisions: checked once, indexed by tool, free of order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clearance.model.decision import DecisionKind, DecisionRecord, Scope
from clearance.model.use import Use
from clearance.policy.circumstances import Circumstances, names
from clearance.policy.errors import PolicyError
from clearance.policy.records import check_against, check_record, record_id, zone_of
from clearance.policy.signing import counts
from clearance.policy.times import ALWAYS, NEVER, begins, ends
from clearance.policy.versions import fits

_ANY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record with its instants, and what keeps it from counting."""

    id: str
    record: DecisionRecord
    start: int
    end: int
    fault: str
    """Why it cannot be judged or does not count yet; empty when it counts."""

    @property
    def kind(self) -> DecisionKind:
        """What the record does."""
        return self.record.kind

    @property
    def counts(self) -> bool:
        """Whether nothing keeps it from counting."""
        return not self.fault

    @property
    def title(self) -> str:
        """``The ban 3fa1… of sec@acme.example``."""
        return f"The {self.kind.value} {self.id[:12]} of {self.record.owner or 'nobody'}"

    @property
    def why(self) -> str:
        """The reasons in a line."""
        return "; ".join(reason.text for reason in self.record.reasons) or "no reason was given"


class Book:
    """Every record, whether it counts or not.

    ``now`` is the second at which signatures are judged; ``unsafe_unsigned`` counts records without any, for drafts.
    """

    def __init__(
        self, records: Iterable[DecisionRecord], facts: Circumstances, *, now: int, unsafe_unsigned: bool = False
    ) -> None:
        unique: dict[str, DecisionRecord] = {record_id(record): record for record in records}
        self.entries: tuple[Entry, ...] = tuple(
            _entry(key, unique[key], unique, facts, now, signed=not unsafe_unsigned) for key in sorted(unique)
        )
        self._index: dict[tuple[str, str], list[Entry]] = {}
        self._of_tool: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for tool in _tools_of(entry, self.entries) or (_ANY,):
                self._of_tool.setdefault(tool, []).append(entry)
                for group in entry.record.scope.groups or (_ANY,):
                    self._index.setdefault((tool, group), []).append(entry)

    def about(self, use: Use, facts: Circumstances) -> tuple[Entry, ...]:
        """Records whose scope fits the use at any time; what tightens also where the use does not say."""
        scheme = facts.schemes.get(use.tool, "semver")
        return tuple(entry for entry in self._near(use) if _fits(entry, use, scheme))

    def of_release(self, tool: str, version: str, facts: Circumstances) -> tuple[Entry, ...]:
        """Records about a release, for whomever and whenever, whether they count or not; lifts with what they lift."""
        scheme = facts.schemes.get(tool, "semver")
        near = (*self._of_tool.get(tool, ()), *self._of_tool.get(_ANY, ()))
        found = {e.id: e for e in near if e.kind is not DecisionKind.LIFT and _has_version(e, version, scheme)}
        lifts = {e.id: e for e in self.entries if e.kind is DecisionKind.LIFT and e.record.lifts in found}
        return tuple(sorted((found | lifts).values(), key=lambda entry: (entry.start, entry.id)))

    def _near(self, use: Use) -> Iterable[Entry]:
        """Records that may fit, by tool and group."""
        if not use.tool:
            return [entry for entry in self.entries if not entry.kind.loosens]
        if use.subject.groups is None:
            return (*self._of_tool.get(use.tool, ()), *self._of_tool.get(_ANY, ()))
        keys = [(tool, group) for tool in (use.tool, _ANY) for group in (*use.subject.groups, _ANY)]
        found = {entry.id: entry for key in keys for entry in self._index.get(key, ())}
        return [found[key] for key in sorted(found)]


def _entry(
    key: str, record: DecisionRecord, others: dict[str, DecisionRecord], facts: Circumstances, now: int, *, signed: bool
) -> Entry:
    start, end, fault = ALWAYS, NEVER, ""
    try:
        zone, tightens = zone_of(record, facts.zones), not record.kind.loosens
        start, end = begins(record.from_, zone, tightens=tightens), ends(record.until, zone, tightens=tightens)
        check_record(record, facts.zones, facts.schemes)
        check_against(record, others)
        fault = counts(record, facts.organisation.people, now) if signed else ""
    except PolicyError as error:
        fault = str(error).rstrip(".")
    if end <= start:
        start, end = ALWAYS, NEVER  # a fault; what tightens denies until it is mended
    return Entry(id=key, record=record, start=start, end=end, fault=fault)


def _tools_of(entry: Entry, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Tools that it is about; a lift is about those of what it lifts."""
    if entry.kind is not DecisionKind.LIFT:
        return entry.record.scope.tools
    return next((other.record.scope.tools for other in entries if other.id == entry.record.lifts), ())


def _has_version(entry: Entry, version: str, scheme: str) -> bool:
    """Whether its window has the version; where nobody can tell, it has: whoever reads it sees the window."""
    if not entry.record.scope.versions:
        return True
    try:
        tightens = not entry.kind.loosens
        return fits(version, entry.record.scope.versions, tightens=tightens, scheme=scheme) is not False
    except PolicyError:
        return True


def _fits(entry: Entry, use: Use, scheme: str) -> bool:
    """Whether the scope holds the use; a part that cannot be told is held by what tightens only."""
    if entry.kind is DecisionKind.LIFT:
        return True
    tightens = not entry.kind.loosens
    return all(tightens if holds is None else holds for holds in _parts(entry.record.scope, use, tightens, scheme))


def _parts(scope: Scope, use: Use, tightens: bool, scheme: str) -> Iterator[bool | None]:  # noqa: FBT001 - handed on
    """Of each part that the scope names, whether the use lies in it; None where the use does not say."""
    subject = use.subject
    if scope.tools:
        yield use.tool in scope.tools if use.tool else None
    if scope.versions:
        yield _in_window(use.version, scope.versions, tightens, scheme)
    if scope.models:
        yield names(scope.models, use.model) if use.model else None
    for named, said in (
        (scope.providers, use.provider),
        (scope.channels, use.channel),
        (scope.entities, subject.entity),
        (scope.rings, subject.ring),
        (scope.data_classes, use.data_class),
        (scope.people, subject.who),
    ):
        if named:
            yield said in named if said else None
    if scope.countries:
        yield _in_countries(scope.countries, subject.country)
    if scope.groups:
        yield bool(subject.groups.intersection(scope.groups)) if subject.groups is not None else None


def _in_window(version: str, window: str, tightens: bool, scheme: str) -> bool | None:  # noqa: FBT001 - handed on
    """Whether the window holds the version; None where either cannot be read."""
    try:
        return fits(version, window, tightens=tightens, scheme=scheme) if version else None
    except PolicyError:
        return None


def _in_countries(named: Sequence[str], place: str) -> bool | None:
    """Whether a place is in one of the countries or parts; a country is not known to be in a part of it."""
    if not place:
        return None
    country = place.partition("-")[0]
    if place in named or country in named:
        return True
    return None if place == country and any(each.startswith(f"{country}-") for each in named) else False
