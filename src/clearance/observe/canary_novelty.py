"""Which parts of a text have not been looked at yet: a campaign's runs send nearly the same bytes again and again.

Text is cut at the quotes, backslashes and line breaks that a long segment follows, so that a part has enough in it to
be told from others: one letter in quotes says nothing, and a secret can be spelt in such letters. Two neighbouring
parts that have been seen side by side before hold nothing new between them. What is new is given with one part more on
each side, and with all of a coded file that it lies in. Binary data is not cut: half a compressed stream could not be
read.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, pairwise
from operator import not_

from clearance.observe.canary_layers import is_text, letter_class, long_runs

_SEGMENT = letter_class(set(range(256)) - set(b'"\\\n'))
_LONG = 24
_MOST = 300_000
_BIGGEST = 1 << 20
_LINE = 40

Block = tuple[int, int, tuple[int, ...]]
"""Begin, end, and what to remember when nothing was found in it."""


class Novelty:
    """Remembers pairs of parts by their hash; forgets all when there are too many."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def blocks(self, data: bytes) -> Iterator[Block]:
        """Those parts of the data that hold something new, in order, as offsets."""
        if not is_text(data):
            if (whole := hash(data)) not in self._seen:
                yield 0, len(data), (whole,)
            return
        offsets = _cuts(data)
        parts = [data[begin:end] for begin, end in pairwise(offsets)]
        pairs = list(map(hash, zip(parts, chain(parts[1:], (b"",)), strict=True)))
        fresh = compress(range(len(pairs)), map(not_, map(self._seen.__contains__, pairs)))
        for first, last in _merged(fresh, parts, offsets):
            yield offsets[first], offsets[last], tuple(pairs[first:last])

    def remember(self, keys: Sequence[int]) -> None:
        """Nothing was found there."""
        if len(self._seen) + len(keys) > _MOST:
            self._seen.clear()
        self._seen.update(keys)

    def forget(self, keys: Iterable[int]) -> None:
        """Something was found after all, together with other parts: look again next time."""
        self._seen.difference_update(keys)


def _cuts(data: bytes) -> list[int]:
    """Offsets where parts begin, and the end. Long segments are looked for: of all segments there are millions."""
    cuts = [begin for begin, _ in long_runs(data, _LONG, _SEGMENT)]
    return [*([] if cuts[:1] == [0] else [0]), *cuts, len(data)]


def _merged(fresh: Iterable[int], parts: Sequence[bytes], offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of parts around the fresh pairs; where they touch they are made one."""
    begin = end = 0
    for index in fresh:
        if end and (index - 1 > end or offsets[end] - offsets[begin] > _BIGGEST):
            yield begin, end
            end = 0
        if not end:
            begin = _outwards(parts, max(index - 1, 0), -1)
        if index + 3 > end:
            end = _outwards(parts, min(index + 3, len(parts)), 1)
    if end:
        yield begin, end


def _outwards(parts: Sequence[bytes], at: int, step: int) -> int:
    """``at`` moved on past neighbours that look like lines of a coded file."""
    while 0 < at < len(parts):
        neighbour = parts[at - 1 if step < 0 else at]
        if len(neighbour) < _LINE or b" " in neighbour:
            break
        at += step
    return at
