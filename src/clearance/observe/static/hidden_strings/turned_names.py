"""Lists of hosts and zones that are written from their end: letter by letter they look like any names."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.hosts import is_certain_host, is_host
from clearance.observe.static.hidden_strings.measured import Measured
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.zones import is_zone

_DOUBTFUL: Final = 4.2
"""Bits a byte from which on a string is worth a look at its items."""
_LONGEST: Final = 4096
_SPLIT: Final = re.compile(r"[,;|\s\"\\]+")
_LEAST: Final = 2


def turned_names(strings: Measured) -> Iterator[Value]:
    """Strings whose items are names only when they are read backwards, in that order."""
    sizes = strings.sizes[strings.long]
    for index in strings.long[(strings.surprise > _DOUBTFUL) & (sizes <= _LONGEST)].tolist():
        raw = bytes(strings.script.data[strings.starts[index] : strings.ends[index]])
        if raw.count(b".") + raw.count(b"/") < _LEAST or not any(sign in raw for sign in b",;|\n\\"):
            continue
        written = strings.plain(index)
        if _is_turned(written.decode("utf-8", "replace")):
            yield Value(parts=(written,), place=int(strings.starts[index]), written=strings.size(index)).turned()


def _is_turned(text: str) -> bool:
    items = [item for item in _SPLIT.split(text) if len(item) > 3][:64]
    names = sum(is_certain_host(item[::-1]) or is_zone(item[::-1]) for item in items)
    return (
        names >= _LEAST and 10 * names >= 6 * len(items) and not any(is_host(item) or is_zone(item) for item in items)
    )


def turned_lists(strings: Measured) -> Iterator[Value]:
    """Lists of strings that are names only when each is read backwards."""
    edges = np.diff(np.concatenate(([False], strings.listed, [False])).astype(np.int8))
    firsts, lasts = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) + 1
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        begin, end = int(strings.starts[first]), int(strings.ends[last - 1])
        if end - begin > _LONGEST:
            continue
        written = bytes(strings.script.data[begin:end])
        if written.count(b".") + written.count(b"/") < last - first:
            continue
        parts = tuple(strings.plain(index) for index in range(first, last))
        if _is_turned(b"\n".join(parts).decode("utf-8", "replace")):
            places = tuple(strings.starts[first:last].tolist())
            yield Value(parts=parts, place=begin, written=end - begin, places=places).turned()
