"""Lists of digests that something is compared with: nobody can read what is on them, and that is what they are for.

1. A list is three and more strings of hex digits of one length, one behind the other with nothing but commas, blanks or
   the values of a set between; or one string of them.
2. It counts where it is asked for a member (``has``, ``includes``, ``in`` …) and something is hashed near that.

What is hashed is said by whoever knows the reads of the environment around (``nearness``). Tables of files and their
sums have names before them, and are none.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from clearance.model.contents import HiddenString, Hiding, Where
from clearance.observe.static.nearness import bound_name, uses
from clearance.observe.static.script import LiteralKind, Script

_LENGTHS: Final = {32: "MD5", 40: "SHA-1", 56: "SHA-224", 64: "SHA-256", 96: "SHA-384", 128: "SHA-512"}
_CUT: Final = frozenset((12, 16, 20, 24, 48))
"""Digits of digests that were cut."""
_LEAST: Final = 3
_MOST_ITEMS: Final = 2000
_MOST_LISTS: Final = 200
_GAP: Final = 24
_BETWEEN: Final = re.compile(rb"[\"'`](?:\s|,|:\s*(?:1|0|true|null|\{\}|!0|None|True)\b|[bBrRuU](?=[\"']))*[\"'`]")
_ROW: Final = re.compile(rb"[0-9a-fA-F]{12,128}(?:[,;|\s]{1,3}[0-9a-fA-F]{12,128}){2,4000}")
_HASH: Final = re.compile(
    rb"createHash\(|subtle\.digest\(|hashlib\.|\b(?:sha|SHA)-?(?:1|224|256|384|512)\b\s*\(|\b(?:md5|MD5)\s*\(|\.hexdigest\("
    rb"|[\"'](?:sha-?(?:1|256|384|512)|SHA-?(?:1|256|384|512)|md5)[\"']"
)
_ASKED_BEHIND: Final = re.compile(
    rb"[\])}\s]{0,12}\)?\.(?:has|includes|indexOf|some|find|contains|get)\(|[\])}\s]{0,12}\["
)
_ASKED: Final = re.compile(rb"\s{0,4}\.(?:has|includes|indexOf|some|find|contains|get)\(|\s{0,4}\[")
_IN_LIST: Final = re.compile(rb"\bin\s{1,4}[\[({\s\"'bB]{1,16}\Z")
_MEMBER_OF: Final = re.compile(rb"\bin\s{1,4}\Z")
_AROUND: Final = 600
"""Bytes around the question within which something is hashed."""


def digest_lists(script: Script, member: int) -> Iterator[HiddenString]:
    """Each list of digests that is asked for a member where something is hashed, at most 200."""
    data = bytes(script.data)
    if not _HASH.search(data):
        return
    found = 0
    for first, last in _runs(script, data):
        begin, end = int(script.starts[first]), int(script.ends[last - 1])
        if found < _MOST_LISTS and _is_asked(data, begin, end):
            found += 1
            items = [script.raw(at).decode() for at in range(first, min(last, first + _MOST_ITEMS))]
            yield _fact(items, begin, end, member)
    for index in np.flatnonzero((script.kinds <= LiteralKind.TEMPLATE) & (script.ends - script.starts >= 38)).tolist():
        begin, end = int(script.starts[index]), int(script.ends[index])
        items = _items(data[begin : min(end, begin + (256 << 10))])
        if items and found < _MOST_LISTS and _is_asked(data, begin, end):
            found += 1
            yield _fact(items[:_MOST_ITEMS], begin, end, member)


def _items(literal: bytes) -> list[str]:
    """The digests of one string that holds nothing else."""
    if not _ROW.fullmatch(literal.strip()):
        return []
    items = re.split(r"[,;|\s]+", literal.decode().strip())
    return items if _are_digests(items) else []


def _are_digests(items: list[str]) -> bool:
    sizes = {len(item) for item in items}
    size = next(iter(sizes))
    return len(sizes) == 1 and (size in _LENGTHS or size in _CUT) and len(set(items)) >= _LEAST and _mixed(items)


def _mixed(items: list[str]) -> bool:
    """Digits and letters in nearly every one: no numbers, no dates."""
    return 10 * sum(not item.isdigit() and not item.isalpha() for item in items) >= 9 * len(items)


def _runs(script: Script, data: bytes) -> Iterator[tuple[int, int]]:
    sizes = script.ends - script.starts
    known = np.isin(sizes, [*_LENGTHS, *_CUT]) & (script.kinds <= LiteralKind.TEMPLATE)
    follows = known[1:] & known[:-1] & (sizes[1:] == sizes[:-1])
    follows &= script.starts[1:] - script.ends[:-1] <= _GAP if len(script) > 1 else follows
    edges = np.diff(np.concatenate(([False], follows, [False])).astype(np.int8))
    for first, last in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
        items = [script.raw(index) for index in range(first, last + 1)]
        gaps = (data[script.ends[at] : script.starts[at + 1]] for at in range(first, last))
        hexadecimal = all(not item.translate(None, b"0123456789abcdefABCDEF") for item in items)
        if not hexadecimal or len(items) < _LEAST or not all(map(_BETWEEN.fullmatch, gaps)):
            continue
        if _are_digests([item.decode() for item in items]):
            yield first, last + 1


def _is_asked(data: bytes, begin: int, end: int) -> bool:
    """Whether the list is asked for a member, with something hashed near that."""
    beside = _ASKED_BEHIND.match(data, end + 1) or _IN_LIST.search(data[max(0, begin - 24) : begin])
    if beside and _hashed(data, begin, end):
        return True
    name = bound_name(data, begin) or b""
    for at in uses(data, begin):
        asked = _ASKED.match(data, at + len(name)) or _MEMBER_OF.search(data[max(0, at - 8) : at])
        if asked and _hashed(data, at, at):
            return True
    return False


def _hashed(data: bytes, begin: int, end: int) -> bool:
    before = _HASH.search(data, max(0, begin - _AROUND), begin)
    return before is not None or _HASH.search(data, end, end + _AROUND) is not None


def _fact(items: list[str], begin: int, end: int, member: int) -> HiddenString:
    text = "\n".join(items)
    return HiddenString(
        layers=(_LENGTHS.get(len(items[0]), "cut digests"),),
        kind=Hiding.DIGESTS,
        items=tuple(items),
        text=text[: 16 << 10],
        size=len(text),
        encoded=end - begin,
        score=0.9,
        place=Where(member=member, offset=begin),
    )
