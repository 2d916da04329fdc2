"""Which items of two sequences belong together: Myers' shortest edit script, with a cap on the work.

E. W. Myers, *An O(ND) Difference Algorithm and Its Variations*, Algorithmica 1, 1986.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MOST_EDITS = 300
"""Beyond it the rest counts as one replaced block: such texts have nothing in common worth showing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A range of each side. ``equal``: item by item the same; else one replaces the other (either may be empty)."""

    equal: bool
    before: range
    after: range


_MARGIN = 64
"""What is left of the shared ends, so that a date or a statement that differs is still seen whole."""


def shared_ends(before: str, after: str) -> tuple[int, int]:
    """How many code points may be cut off both texts at the start and at the end without cutting into a word."""
    head = _longest(min(len(before), len(after)), lambda size: before[:size] == after[:size])
    cut = head - _MARGIN
    head = max(before.rfind(" ", 0, cut), before.rfind("\n", 0, cut), 0) if cut > 0 else 0
    rest = min(len(before), len(after)) - head
    tail = _longest(rest, lambda size: not size or before[-size:] == after[-size:])
    start = len(before) - tail + _MARGIN
    places = [place for sign in " \n" if (place := before.find(sign, start)) >= 0] if tail > _MARGIN else []
    return head, len(before) - min(places) if places else 0


def _longest(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest size up to ``limit`` that fits, where every smaller one does."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def align(before: Sequence[str], after: Sequence[str]) -> tuple[Block, ...]:
    """Blocks that cover both sequences in order, equal and unequal ones in turn."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    end_a, end_b = len(before) - tail, len(after) - tail
    matches = _matches(before[head:end_a], after[head:end_b])
    pairs = [(i, i) for i in range(head)]
    pairs += [(head + i, head + j) for i, j in matches]
    pairs += [(end_a + i, end_b + i) for i in range(tail)]
    return _blocks(pairs, len(before), len(after))


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of a longest common subsequence, or none when the texts are too far apart."""
    if not a or not b:
        return []
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), _MOST_EDITS) + 1):
        history.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            x = _furthest(reach, diagonal, edits)
            y = x - diagonal
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(history, len(a), len(b))
    return []


def _furthest(reach: dict[int, int], diagonal: int, edits: int) -> int:
    down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
    return reach[diagonal + 1] if down else reach[diagonal - 1] + 1


def _walk_back(history: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for edits in range(len(history) - 1, -1, -1):
        reach, diagonal = history[edits], x - y
        start = _furthest(reach, diagonal, edits)
        while x > start and y > start - diagonal:
            x, y = x - 1, y - 1
            found.append((x, y))
        if edits:
            down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            x, y = (x, y - 1) if down else (x - 1, y)
    return found[::-1]


def _blocks(pairs: list[tuple[int, int]], size_a: int, size_b: int) -> tuple[Block, ...]:
    blocks: list[Block] = []
    at_a = at_b = run = 0
    pairs.append((size_a, size_b))
    for index, (a, b) in enumerate(pairs):
        if index and (a, b) != (at_a + run, at_b + run):
            _add(blocks, equal=True, before=range(at_a, at_a + run), after=range(at_b, at_b + run))
            at_a, at_b, run = at_a + run, at_b + run, 0
        if not run:
            _add(blocks, equal=False, before=range(at_a, a), after=range(at_b, b))
            at_a, at_b = a, b
        run += 1
    _add(blocks, equal=True, before=range(at_a, size_a), after=range(at_b, size_b))
    return tuple(blocks)


def _add(blocks: list[Block], *, equal: bool, before: range, after: range) -> None:
    if len(before) or len(after):
        blocks.append(Block(equal=equal, before=before, after=after))
