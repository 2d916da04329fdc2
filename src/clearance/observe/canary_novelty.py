"""Which parts of a text have not been looked at yet: a campaign's runs send nearly the same bytes again and again.

Text is cut at quotes, backslashes and line breaks. Two neighbouring segments that have been seen side by side before
hold nothing new between them. What is new is given with two segments more on each side, and with all of a coded run
that it lies in. Binary data is not cut: half a compressed stream could not be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

_CUTS = bytes.maketrans(b'"\n', b"\\\\")
_CONTROLS = bytes((*range(9), *range(14, 32)))
_TEXT = bytes(set(range(256)) - set(_CONTROLS))
_MOST = 300_000
_BIGGEST = 1 << 20
_LINE = 40

Block = tuple[int, int, tuple[int, ...]]
"""Begin, end, and what to remember when nothing was found in it."""


class Novelty:
    """Remembers pairs of segments by their hash; forgets all when there are too many."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def blocks(self, data: bytes) -> Iterator[Block]:
        """The parts that hold something new, in order, as offsets into the data."""
        if data.translate(None, _TEXT):
            if (whole := hash(data)) not in self._seen:
                yield 0, len(data), (whole,)
            return
        segments = data.translate(_CUTS).split(b"\\")
        pairs = list(map(hash, zip(segments, [*segments[1:], b""], strict=True)))
        fresh = [i for i, pair in enumerate(pairs) if pair not in self._seen]
        offsets = list(accumulate((len(segment) + 1 for segment in segments), initial=0))
        for first, last in _merged(fresh, segments, offsets):
            yield offsets[first], min(offsets[last], len(data)), tuple(pairs[first:last])

    def remember(self, keys: Sequence[int]) -> None:
        """Nothing was found there."""
        if len(self._seen) + len(keys) > _MOST:
            self._seen.clear()
        self._seen.update(keys)

    def forget(self, keys: Iterable[int]) -> None:
        """Something was found after all, together with other parts: look again next time."""
        self._seen.difference_update(keys)


def _merged(fresh: Iterable[int], segments: Sequence[bytes], offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of segments around the fresh pairs; where they touch they are made one."""
    begin = end = 0
    for index in fresh:
        if end and (index - 2 > end or offsets[end] - offsets[begin] > _BIGGEST):
            yield begin, end
            end = 0
        if not end:
            begin = _outwards(segments, max(index - 2, 0), -1)
        if index + 4 > end:
            end = _outwards(segments, min(index + 4, len(segments)), 1)
    if end:
        yield begin, end


def _outwards(segments: Sequence[bytes], at: int, step: int) -> int:
    """``at`` moved on past neighbours that look like lines of a coded file."""
    while 0 < at < len(segments):
        neighbour = segments[at - 1 if step < 0 else at]
        if len(neighbour) < _LINE or b" " in neighbour:
            break
        at += step
    return at
