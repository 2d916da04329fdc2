"""Records as Cedar policies: a ban forbids, an approval permits, a condition forbids where it does not hold.

1. A ban or restriction does not count where a lift that names it is in force, or an exception whose scope fits.
2. A record that cannot be judged, or does not count yet: what tightens forbids within its scope, what loosens is left
   out and named in a comment.
3. A duty (``gate``) forbids where it is established not to hold; whoever enforces the answer sees to it otherwise.
   Any other condition forbids where it is not established to hold.
4. Rules of vendors and providers come as names in ``context.others`` and forbid, but for those that an exception
   names.
"""

from collections.abc import Iterable, Iterator

from clearance.model.decision import DecisionKind
from clearance.policy.book import Book, Entry
from clearance.policy.cedar import texts
from clearance.policy.cedar.scopes import scope_expression
from clearance.policy.conditions import ConditionKind, read_condition
from clearance.policy.errors import PolicyError
from clearance.policy.times import ALWAYS, NEVER

_RULE = "rule:"


def policies(book: Book) -> str:
    """Every record of the book as Cedar text, in the order of their ids."""
    counting = [entry for entry in book.entries if entry.counts]
    written = [text for entry in book.entries for text in _of(entry, counting)]
    return "\n\n".join([*written, *_others(counting)]) + "\n"


def _of(entry: Entry, counting: Iterable[Entry]) -> Iterator[str]:
    where = _where(entry)
    if entry.fault and entry.kind.loosens:
        yield f"// {entry.id[:12]} is left out: {_comment(entry.fault)}"
        return
    if entry.fault:
        yield f"{_head(entry, about=entry.fault)}forbid (principal, action, resource)\nwhen {{ {where} }};"
        return
    if entry.kind is DecisionKind.LIFT:
        yield f"// {entry.id[:12]} lifts {entry.record.lifts[:12]}"
        return
    unless = _unless(entry, counting)
    if entry.kind is DecisionKind.BAN:
        yield f"{_head(entry)}forbid (principal, action, resource)\nwhen {{ {where} }}{unless};"
        return
    if entry.kind is not DecisionKind.RESTRICT:
        yield f"{_head(entry)}permit (principal, action, resource)\nwhen {{ {where} }}{unless};"
    for number, text in enumerate(entry.record.conditions, 1):
        yield (
            f"{_head(entry, number, text)}forbid (principal, action, resource)\n"
            f"when {{ {where} && ({_unmet(text)}) }}{unless};"
        )


def _unmet(text: str) -> str:
    try:
        kind = read_condition(text).kind
    except PolicyError:
        return "true"
    if kind is ConditionKind.DUTY:
        return f"context.fails.contains({texts.literal(text)})"
    return f"!context.holds.contains({texts.literal(text)})"


def _unless(entry: Entry, counting: Iterable[Entry]) -> str:
    parts = []
    for other in counting:
        if other.kind is DecisionKind.LIFT and other.record.lifts == entry.id:
            parts.append(f"({_time(other)})")
        if other.kind is DecisionKind.EXCEPT and entry.id in other.record.against and not entry.kind.loosens:
            parts.append(f"({_where(other)})")
    return f"\nunless {{ {texts.any_of(parts)} }}" if parts else ""


def _others(counting: Iterable[Entry]) -> Iterator[str]:
    excepts = [entry for entry in counting if entry.kind is DecisionKind.EXCEPT]
    named = sorted({name for entry in excepts for name in entry.record.against if name.startswith(_RULE)})
    beyond = f"!{texts.names(named)}.containsAll(context.others)" if named else "!context.others.isEmpty()"
    yield f'@id("others")\nforbid (principal, action, resource)\nwhen {{ {beyond} }};'
    for name in named:
        unless = texts.any_of([f"({_where(entry)})" for entry in excepts if name in entry.record.against])
        yield (
            f"@id({texts.literal(name)})\nforbid (principal, action, resource)\n"
            f"when {{ context.others.contains({texts.literal(name)}) }}\nunless {{ {unless} }};"
        )


def _where(entry: Entry) -> str:
    return f"{_time(entry)} && {scope_expression(entry.record.scope, tightens=not entry.kind.loosens)}"


def _time(entry: Entry) -> str:
    parts = []
    if entry.start != ALWAYS:
        parts.append(f"context.now >= {texts.moment(entry.start)}")
    if entry.end != NEVER:
        parts.append(f"context.now < {texts.moment(entry.end)}")
    return " && ".join(parts) or "true"


def _head(entry: Entry, number: int = 0, about: str = "") -> str:
    """Annotations by which a reader finds the record; ``number`` 0 for the record itself, from 1 for its conditions."""
    record = entry.record
    notes = (
        ("id", entry.id if number == 0 else f"{entry.id}.{number}"), ("kind", entry.kind.value),
        ("owner", record.owner), ("about", about), ("reason", entry.why if record.reasons else ""),
        ("message", record.message),
    )  # fmt: skip
    return "".join(f"@{key}({texts.literal(value)})\n" for key, value in notes if value)


def _comment(text: str) -> str:
    return "".join(sign if " " <= sign <= "~" else "?" for sign in text)
