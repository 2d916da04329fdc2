"""From decision records to rulings, which the compiler carries to tools; what a ruling cannot say is told.

A record becomes one ruling for each tool and each combination of entity, country, group and ring that it names. Records
that do not count are left out when they loosen and ban when they tighten, as in ``decide``. Rules of others (regions,
ownership) are not in rulings: they depend on the person, and ``check`` or the gate answers for them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product

from clearance.model.decision import DecisionKind, Scope
from clearance.model.ruling import Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan
from clearance.policy.book import Book, Entry
from clearance.policy.errors import PolicyError
from clearance.policy.times import ALWAYS, NEVER, as_datetime

_REQUIREMENTS = {
    "gate": Requirement.GATE,
    "managed-settings": Requirement.MANAGED_SETTINGS,
    "sandbox": Requirement.SANDBOX,
    "no-bypass-mode": Requirement.NO_BYPASS,
}
_UNSAID = ("providers", "channels", "data_classes", "people")


def rulings_of(book: Book, tools: Iterable[str], *, gateway: str = "") -> tuple[tuple[Ruling, ...], tuple[str, ...]]:
    """Rulings of every record, and in sentences what of the records is not in them.

    Raises:
        PolicyError: a record asks for the gate and no ``gateway`` was named.
    """
    found: list[Ruling] = []
    notes: list[str] = []
    ends = _lifted(book)
    for entry in book.entries:
        if entry.kind is DecisionKind.LIFT or (entry.fault and entry.kind.loosens):
            notes += [f"{entry.title} does not count: {entry.fault}."] if entry.fault else []
            continue
        notes += _unsaid(entry)
        for tool in entry.record.scope.tools or tuple(tools):
            found += _rulings(entry, tool, gateway, ends.get(entry.id, entry.end))
    return tuple(found), tuple(notes)


def _lifted(book: Book) -> dict[str, int]:
    """When each lifted record ends."""
    found: dict[str, int] = {}
    for entry in book.entries:
        if entry.counts and entry.kind is DecisionKind.LIFT:
            found[entry.record.lifts] = min(entry.start, found.get(entry.record.lifts, NEVER))
    return found


def _rulings(entry: Entry, tool: str, gateway: str, end: int) -> Iterator[Ruling]:
    record, end = entry.record, min(end, entry.end)
    if end <= entry.start:
        return
    banned = entry.kind is DecisionKind.BAN or bool(entry.fault)
    by_model = banned and bool(record.scope.models) and not entry.fault
    requirements = () if banned else tuple(_REQUIREMENTS[text] for text in record.conditions if text in _REQUIREMENTS)
    if Requirement.GATE in requirements and not gateway:
        raise PolicyError(f"{entry.title} asks for the gate.", advice="Name its address with --gateway.")
    for audience in _audiences(record.scope):
        yield Ruling(
            tool=tool,
            state=_state(banned=banned and not by_model, conditional=bool(requirements)),
            audience=audience,
            exception=entry.kind is DecisionKind.EXCEPT,
            since=_instant(entry.start),
            until=_instant(end),
            versions=_span(record.scope.versions),
            models=() if banned else record.scope.models,
            denied_models=record.scope.models if by_model else (),
            requirements=requirements,
            gateway=gateway if Requirement.GATE in requirements else "",
            message=record.message,
            replacement=record.replacement,
            decisions=(entry.id,),
        )


def _state(*, banned: bool, conditional: bool) -> RulingState:
    if banned:
        return RulingState.BANNED
    return RulingState.CONDITIONAL if conditional else RulingState.ALLOWED


def _audiences(scope: Scope) -> Iterator[str]:
    """``entity:acme-cn,group:payments`` for each combination; empty for everybody."""
    parts = (("entity", scope.entities), ("region", scope.countries), ("group", scope.groups), ("ring", scope.rings))
    for chosen in product(*([f"{name}:{value}" for value in values] or [""] for name, values in parts)):
        yield ",".join(filter(None, chosen))


def _instant(moment: int) -> datetime | None:
    return None if moment in (ALWAYS, NEVER) else as_datetime(moment)


def _span(window: str) -> VersionSpan:
    """A window of one lower and one upper bound as a span. Raises PolicyError for any other."""
    minimum = maximum = ""
    excluded = False
    for part in filter(None, (text.strip() for text in window.split(","))):
        if part.startswith(">="):
            minimum = part[2:].strip()
        elif part.startswith("<="):
            maximum, excluded = part[2:].strip(), False
        elif part.startswith("<"):
            maximum, excluded = part[1:].strip(), True
        elif part[0].isdigit() or part.startswith("=="):
            minimum = maximum = part.lstrip("= ")
        else:
            raise PolicyError(f"The window {window!r} cannot be carried to tools.", advice="Use >=, <= and < only.")
    return VersionSpan(minimum=minimum, maximum=maximum, maximum_excluded=excluded)


def _unsaid(entry: Entry) -> Iterator[str]:
    """Parts of a record that no ruling has."""
    for name in _UNSAID:
        if getattr(entry.record.scope, name):
            yield f"{entry.title} is about {name.replace('_', ' ')}: no tool's settings can tell them apart."
    for text in entry.record.conditions:
        if text not in _REQUIREMENTS:
            yield f"{entry.title} asks for {text!r}: no tool's settings can see to it."
