"""Which parts of a text have not been looked at yet: a campaign's runs send nearly the same bytes again and again.

Text is cut at quotes, backslashes and line breaks. Two neighbouring segments that have been seen side by side before
hold nothing new between them. What is new is given with a segment more on each side.
"""

from collections.abc import Iterator, Sequence

_CUTS = bytes.maketrans(b'"\n', b"\\\\")
_MOST = 400_000
_BIGGEST = 1 << 20

Block = tuple[int, int, tuple[int, ...]]
"""Begin, end, and what to remember when nothing was found in it."""


class Novelty:
    """Remembers pairs of segments by their hash; forgets all when there are too many."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def blocks(self, data: bytes) -> Iterator[Block]:
        """The parts that hold something new, in order, as offsets into the data."""
        segments = data.translate(_CUTS).split(b"\\")
        pairs = list(map(hash, zip(segments, [*segments[1:], b""], strict=True)))
        fresh = [i for i, pair in enumerate(pairs) if pair not in self._seen]
        if not fresh:
            return
        offsets = [0]
        for segment in segments:
            offsets.append(offsets[-1] + len(segment) + 1)
        for first, last in _merged(fresh, len(segments), offsets):
            yield offsets[first], min(offsets[last], len(data)), tuple(pairs[first:last])

    def remember(self, keys: Sequence[int]) -> None:
        """Nothing was found there."""
        if len(self._seen) + len(keys) > _MOST:
            self._seen.clear()
        self._seen.update(keys)


def _merged(fresh: Sequence[int], count: int, offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of segments around the fresh pairs, with two more on each side, where they touch made one."""
    begin, end = max(fresh[0] - 2, 0), min(fresh[0] + 4, count)
    for index in fresh[1:]:
        if index - 2 <= end and offsets[end] - offsets[begin] < _BIGGEST:
            end = min(index + 4, count)
        else:
            yield begin, end
            begin, end = max(index - 2, 0), min(index + 4, count)
    yield begin, end
