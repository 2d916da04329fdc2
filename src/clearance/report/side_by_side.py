"""Two texts beside each other: what is the same, what differs, what is left out, and what needs naming.

Cost is bounded whatever the texts: common ends are cut off first, and a middle too long to align is shown as differing
as a whole.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from clearance.report.visible import Part, Show, code_point, parts

_CONTEXT = 160
"""Characters shown on each side of a difference."""
_TOKEN = re.compile(r"\w+|\W")
"""Texts are aligned by words: a letter that happens to stand in two different words is no common ground."""
_ALIGNED = 800
"""Words and signs of a differing middle that are aligned."""
_SHOWN = 6000
"""Characters of one differing stretch that are shown."""
_NAMED_IN_CHANGE = 4
"""In a difference this short the characters that are no letters or digits are named too, ASCII included."""


class Mark(enum.StrEnum):
    """What a piece is."""

    SAME = "same"
    CHANGED = "changed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one side."""

    mark: Mark
    parts: tuple[Part, ...] = ()
    skipped: int = 0
    """Characters left out, for a skipped piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Both sides, each in its own pieces."""

    baseline: tuple[Piece, ...]
    staged: tuple[Piece, ...]
    names: tuple[str, ...]
    """What each named character of either side is: ``U+2019 RIGHT SINGLE QUOTATION MARK``, each once, in order."""


def side_by_side(baseline: str, staged: str) -> SideBySide:
    """Both texts with their differences marked. One that is empty gives no difference: there is nothing to compare."""
    if not baseline or not staged:
        left, right = _alone(baseline), _alone(staged)
    else:
        a, b = _TOKEN.findall(baseline), _TOKEN.findall(staged)
        stretches = tuple(_stretches(a, b))
        left = _pieces([(same, "".join(a[a0:a1])) for same, a0, a1, _, _ in stretches])
        right = _pieces([(same, "".join(b[b0:b1])) for same, _, _, b0, b1 in stretches])
    named = (part.text for piece in (*left, *right) for part in piece.parts if part.named)
    return SideBySide(baseline=left, staged=right, names=tuple(code_point(char) for char in dict.fromkeys(named)))


def _alone(text: str) -> tuple[Piece, ...]:
    return (_same(text[:_SHOWN]), *_cut(text)) if text else ()


def _stretches(a: list[str], b: list[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Whether it is the same, and from which word to which in each text. The first and the last are the common ends."""
    head = _common_start(a, b)
    tail = _common_start(a[head:][::-1], b[head:][::-1])
    a_end, b_end = len(a) - tail, len(b) - tail
    yield True, 0, head, 0, head
    if max(a_end, b_end) - head > _ALIGNED:
        yield False, head, a_end, head, b_end
    else:
        matcher = SequenceMatcher(None, a[head:a_end], b[head:b_end], autojunk=False)
        for tag, a0, a1, b0, b1 in matcher.get_opcodes():
            yield tag == "equal", head + a0, head + a1, head + b0, head + b1
    yield True, a_end, len(a), b_end, len(b)


def _common_start(a: list[str], b: list[str]) -> int:
    for position, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return position
    return min(len(a), len(b))


def _pieces(stretches: list[tuple[bool, str]]) -> tuple[Piece, ...]:
    shown: list[Piece] = []
    for position, (same, text) in enumerate(stretches):
        if same and text:
            shown.extend(_context(text, first=position == 0, last=position == len(stretches) - 1))
        elif text:
            shown.append(Piece(mark=Mark.CHANGED, parts=tuple(_named_parts(text[:_SHOWN]))))
            shown.extend(_cut(text))
    return tuple(shown)


def _cut(text: str) -> tuple[Piece, ...]:
    return (Piece(mark=Mark.SKIPPED, skipped=len(text) - _SHOWN),) if len(text) > _SHOWN else ()


def _context(stretch: str, *, first: bool, last: bool) -> Iterator[Piece]:
    """A common stretch, its middle left out when it is long, or the end that lies away from a difference."""
    before = 0 if first else _CONTEXT
    after = 0 if last else _CONTEXT
    skipped = len(stretch) - before - after
    if skipped <= _CONTEXT // 4:
        yield _same(stretch)
        return
    if before:
        yield _same(stretch[:before])
    yield Piece(mark=Mark.SKIPPED, skipped=skipped)
    if after:
        yield _same(stretch[-after:])


def _same(text: str) -> Piece:
    return Piece(mark=Mark.SAME, parts=tuple(parts(text, Show.EVIDENCE)))


def _named_parts(text: str) -> Iterator[Part]:
    if len(text) > _NAMED_IN_CHANGE:
        yield from parts(text, Show.EVIDENCE)
        return
    for char in text:
        yield Part(text=char, named=not (char.isascii() and char.isalnum()))
