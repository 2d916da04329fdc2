"""The same items in another order: lines, list items, query fields, words."""

import itertools
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence

Pairs = tuple[tuple[str, str], ...]

_SEPARATORS = ("\n", ";", ",", "&", "|", " ")
_EDGES = re.compile(r"[\n(\[{}\])]|[:?] ?|^")
_MOST_ITEMS = 2000


def windows(before: str, after: str, span: tuple[int, int, int, int]) -> Iterator[tuple[str, str]]:
    """The differing stretch of both texts: as it is, out to what encloses a list, out to whole lines, everything.

    ``span``: first and last differing place of the baseline, then of the staged text.
    """
    a, b, c, d = span
    tried: set[tuple[str, str]] = set()
    for grow in (_exactly, _to_edges, _to_lines, _wholly):
        (a1, b1), (c1, d1) = grow(before, a, b), grow(after, c, d)
        window = before[a1:b1], after[c1:d1]
        if window not in tried:
            tried.add(window)
            yield window


def _exactly(_text: str, start: int, end: int) -> tuple[int, int]:
    return start, end


def _to_edges(text: str, start: int, end: int) -> tuple[int, int]:
    lefts = [match.end() for match in _EDGES.finditer(text, 0, start)]
    right = re.compile(r"[\n)\]}]|\.(?:\s|$)|$").search(text, end)
    return max(lefts, default=0), right.start() if right else len(text)


def _to_lines(text: str, start: int, end: int) -> tuple[int, int]:
    right = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, right if right >= 0 else len(text)


def _wholly(text: str, _start: int, _end: int) -> tuple[int, int]:
    return 0, len(text)


def reordered(
    stretches: Sequence[tuple[str, str]], key: Callable[[str], Sequence[str]]
) -> Iterator[tuple[str, str, Pairs]]:
    """Ways to take one side for the other with items moved: the stretch of both sides, and pairs of items.

    ``key`` gives what two items must share to be a pair. Only real changes of order are given. Words are tried last:
    a list that has separators is a list of what stands between them.
    """
    for separator in _SEPARATORS:
        for before, after in stretches:
            old, new = _items(before, separator), _items(after, separator)
            if len(old) == len(new) and 2 <= len(old) <= _MOST_ITEMS and (pairs := paired(old, new, key)):
                if separator == " " and not _words_only(pairs, old, new):
                    continue
                yield before, after, pairs


def _items(text: str, separator: str) -> list[str]:
    return [stripped for item in text.split(separator) if (stripped := item.strip())]


def paired(old: Sequence[str], new: Sequence[str], key: Callable[[str], Sequence[str]]) -> Pairs | None:
    """Each old item with a new one of the same key; None when items differ or nothing moved."""
    old_keys, new_keys = [tuple(key(item)) for item in old], [tuple(key(item)) for item in new]
    if old_keys == new_keys or Counter(old_keys) != Counter(new_keys):
        return None
    waiting: defaultdict[tuple[str, ...], deque[str]] = defaultdict(deque)
    for item_key, item in zip(new_keys, new, strict=True):
        waiting[item_key].append(item)
    return tuple((item, waiting[item_key].popleft()) for item_key, item in zip(old_keys, old, strict=True))


def _words_only(pairs: Pairs, old: Sequence[str], new: Sequence[str]) -> bool:
    """Words that stand apart: no values that changed places between names, no numbers."""
    if any(item[-1] in ":=" for item in itertools.chain(old, new)):
        return False
    moved = {a for a, b in zip(old, new, strict=True) if a != b}
    return bool(pairs) and not any(char.isdigit() for item in moved for char in item)


def moved_items(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Items that stand elsewhere, each with its places counted from 1: ``'b' 2 → 1``; at most 8."""
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, item in enumerate(new, 1):
        places[item].append(place)
    found = []
    for place, item in enumerate(old, 1):
        if places[item] and (there := places[item].popleft()) != place:
            found.append(f"{item[:60]!r} {place} → {there}")
    return tuple(found[:8])
