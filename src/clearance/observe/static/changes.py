"""What is different between what two releases hold; nothing is ranked here.

Facts are told apart by what they are, not by where they stand: a member that was renamed, or code that moved, is no
change. Prompts are paired by their words, and shown as a diff a person can read.
"""

import difflib
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec

from clearance.model.comparison import ReleaseChange
from clearance.model.contents import Contents, EnvironmentRead, Extension, HiddenString, Prompt, Where
from clearance.model.release import Release

Fact = TypeVar("Fact")
_ALIKE: Final = 0.35
"""Share of words that two prompts have in common to be taken for one that was changed."""
_MOST_DIFF: Final = 12_000
_NEAR: Final = 2000
"""Bytes to code that builds a request or prompt within which a read counts as near."""
_SENTENCES: Final = re.compile(r"(?<=[.!?:])\s+(?=[A-Z\"'<(`$*#-])")


def changes(before: tuple[Release, Contents], after: tuple[Release, Contents]) -> Iterator[ReleaseChange]:
    """Every difference of the facts, in no order of concern."""
    (old_release, old), (new_release, new) = before, after
    yield from _publishing(old_release, new_release)
    yield from _hidden(old, new)
    yield from _reads(old, new)
    yield from _prompts(old.prompts, new.prompts, new)
    yield from _sets(old, new)
    yield from _extensions(old.extensions, new.extensions)
    yield from _sizes(old, new)


def _publishing(old: Release, new: Release) -> Iterator[ReleaseChange]:
    publishers = [r.artifacts[0].publisher if r.artifacts else "" for r in (old, new)]
    if publishers[0] != publishers[1]:
        yield ReleaseChange(
            kind="publisher", how="changed", subject="publisher", before=publishers[0], after=publishers[1]
        )


def _hidden(old: Contents, new: Contents) -> Iterator[ReleaseChange]:
    for how, facts, contents in _both(old.hidden_strings, new.hidden_strings, lambda h: (h.kind, h.text), old, new):
        for hidden in facts:
            yield ReleaseChange(
                kind="hidden string",
                how=how,
                subject=f"{hidden.kind} under {' of '.join(hidden.layers)}",
                before=_said(hidden) if how == "removed" else "",
                after=_said(hidden) if how == "added" else "",
                where=_place(contents, hidden.place),
                near=hidden.near,
            )
    for how, texts, contents in _both(
        old.hidden_texts, new.hidden_texts, lambda t: (t.kind, t.where, t.code_points), old, new
    ):
        for text in texts:
            yield ReleaseChange(
                kind="hidden text",
                how=how,
                subject=f"{text.kind} in {text.where}: {', '.join(text.code_points[:3])}",
                before=text.decoded or text.excerpt if how == "removed" else "",
                after=text.decoded or text.excerpt if how == "added" else "",
                where=_place(contents, text.places[0]) if text.places else "",
            )


def _said(hidden: HiddenString) -> str:
    return ", ".join(hidden.items[:60]) if hidden.items else hidden.text[:1000]


def _reads(old: Contents, new: Contents) -> Iterator[ReleaseChange]:
    for how, facts, contents in _both(old.reads, new.reads, lambda r: (r.kind, r.name), old, new):
        for read in facts:
            yield _read(read, how, contents)
    known = {(r.kind, r.name): r for r in old.reads}
    for read in new.reads:
        earlier = known.get((read.kind, read.name))
        if earlier is not None and _is_near(read) and not _is_near(earlier) and read.count > earlier.count:
            yield ReleaseChange(
                kind="read",
                how="changed",
                subject=f"{read.kind} {read.name}",
                before=f"{earlier.count} times, none near a request or prompt",
                after=f"{read.count} times, {read.distance} bytes from {read.near}",
                where=_place(new, read.places[0]),
                near=(read.near,),
            )


def _is_near(read: EnvironmentRead) -> bool:
    return 0 <= read.distance <= _NEAR


def _read(read: EnvironmentRead, how: str, contents: Contents) -> ReleaseChange:
    near = f"{read.distance} bytes from {read.near}" if _is_near(read) else ""
    return ReleaseChange(
        kind="read",
        how=how,
        subject=f"{read.kind} {read.name}",
        before=near if how == "removed" else "",
        after=near if how == "added" else "",
        where=_place(contents, read.places[0]) if read.places else "",
        near=(read.near,) if near else (),
    )


def _prompts(old: Sequence[Prompt], new: Sequence[Prompt], contents: Contents) -> Iterator[ReleaseChange]:
    had, has = {p.sha256 for p in old}, {p.sha256 for p in new}
    gone = [p for p in old if p.sha256 not in has]
    come = [p for p in new if p.sha256 not in had]
    words = {p.sha256: frozenset(p.text.split()) for p in (*gone, *come)}
    for prompt in come:
        best = max(gone, key=lambda p: _alike(words[p.sha256], words[prompt.sha256]), default=None)
        where = _place(contents, prompt.place)
        if best is not None and _alike(words[best.sha256], words[prompt.sha256]) >= _ALIKE:
            gone.remove(best)
            yield ReleaseChange(
                kind="prompt",
                how="changed",
                subject=prompt.title,
                before=f"{best.size:,} characters",
                after=f"{prompt.size:,} characters",
                detail=text_diff(best.text, prompt.text),
                where=where,
            )
        else:
            yield ReleaseChange(
                kind="prompt",
                how="added",
                subject=prompt.title,
                after=f"{prompt.size:,} characters",
                detail=prompt.text[:_MOST_DIFF],
                where=where,
            )
    for prompt in gone:
        yield ReleaseChange(
            kind="prompt",
            how="removed",
            subject=prompt.title,
            before=f"{prompt.size:,} characters",
            detail=prompt.text[:_MOST_DIFF],
        )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def text_diff(before: str, after: str) -> str:
    """A unified diff by lines and, in long lines, by sentences; without context that did not change."""
    lines = difflib.unified_diff(_lines(before), _lines(after), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))[:_MOST_DIFF]


def _lines(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in (_SENTENCES.split(line) if len(line) > 160 else (line,))]


def _sets(old: Contents, new: Contents) -> Iterator[ReleaseChange]:
    yield from _endpoints(old, new)
    for how, abilities, contents in _both(old.capabilities, new.capabilities, lambda c: (c.kind, c.detail), old, new):
        for ability in abilities:
            where = _place(contents, ability.places[0]) if ability.places else ""
            yield ReleaseChange(kind="capability", how=how, subject=f"{ability.kind}: {ability.detail}", where=where)
    for how, wants, _ in _both(old.dependencies, new.dependencies, lambda d: (d.name, d.wanted, d.kind), old, new):
        yield from (
            ReleaseChange(kind="dependency", how=how, subject=f"{want.name} {want.wanted} ({want.kind})")
            for want in wants
        )
    for how, packages, _ in _both(old.packages, new.packages, lambda p: (p.ecosystem, p.name, p.version), old, new):
        yield from (ReleaseChange(kind="package", how=how, subject=f"{p.name} {p.version}".strip()) for p in packages)
    for how, facts, _ in _both(old.supply, new.supply, lambda s: (s.kind, s.subject, s.detail), old, new):
        for fact in facts:
            subject = f"{fact.kind}: {fact.subject}"
            yield ReleaseChange(kind="installation", how=how, subject=subject, after=fact.detail, where=fact.path)
    for how, closed, _ in _both(old.unopened, new.unopened, lambda u: (u.path, u.reason), old, new):
        yield from (ReleaseChange(kind="unopened", how=how, subject=u.path, after=u.reason) for u in closed)


def _endpoints(old: Contents, new: Contents) -> Iterator[ReleaseChange]:
    for how, endpoints, contents in _both(old.endpoints, new.endpoints, lambda e: e.host, old, new):
        for endpoint in {e.host: e for e in endpoints}.values():
            about = ", ".join(filter(None, (endpoint.owner, endpoint.purpose, *endpoint.paths[:2])))
            yield ReleaseChange(
                kind="endpoint",
                how=how,
                subject=endpoint.host,
                before=about if how == "removed" else "",
                after=about if how == "added" else "",
                where=_place(contents, endpoint.places[0]) if endpoint.places else "",
            )


def _extensions(old: Sequence[Extension], new: Sequence[Extension]) -> Iterator[ReleaseChange]:
    known = {(e.kind, e.path, e.name): e for e in old}
    present = {(e.kind, e.path, e.name): e for e in new}
    for key in sorted(known.keys() | present.keys()):
        one, other = known.get(key), present.get(key)
        if one == other or (one and other and one == msgspec.structs.replace(other, offset=one.offset)):
            continue
        how = "added" if one is None else "removed" if other is None else "changed"
        commands = [" ; ".join(e.commands) if e else "" for e in (one, other)]
        detail = text_diff(one.text if one else "", other.text if other else "")
        subject = f"{key[0]} {key[2]}"
        yield ReleaseChange(
            kind="extension",
            how=how,
            subject=subject,
            before=commands[0],
            after=commands[1],
            detail=detail,
            where=key[1],
        )


def _sizes(old: Contents, new: Contents) -> Iterator[ReleaseChange]:
    sizes = [sum(m.size for m in c.members if not m.runtime) for c in (old, new)]
    if sizes[0] and abs(sizes[1] - sizes[0]) > 0.1 * sizes[0]:
        yield ReleaseChange(kind="size", how="changed", subject="bytes", before=f"{sizes[0]:,}", after=f"{sizes[1]:,}")


def _both(
    old: Sequence[Fact], new: Sequence[Fact], key: Callable[[Fact], Hashable], before: Contents, after: Contents
) -> Iterator[tuple[str, list[Fact], Contents]]:
    """Facts that only the later has, then those that only the earlier has."""
    had, has = {key(f) for f in old}, {key(f) for f in new}
    yield "added", [f for f in new if key(f) not in had], after
    yield "removed", [f for f in old if key(f) not in has], before


def _place(contents: Contents, where: Where) -> str:
    path = contents.members[where.member].path if where.member < len(contents.members) else "?"
    return f"{path}, byte {where.offset}"
