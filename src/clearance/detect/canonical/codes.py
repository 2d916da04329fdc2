"""Codes in which text is written as other text: where they stand, and the bytes that they say."""

import binascii
import html
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from clearance.model.readable import begins_readable, readable

LEAST: Final = 16
"""The shortest run of letters that is looked at as base64 or hex."""
MOST_BYTES: Final = 4 << 20
"""Of one decoded piece."""
_GLANCE: Final = 24
_AROUND: Final = 120
"""Code points between two escapes up to which they belong together."""
_MEMBERS: Final = np.zeros(256, dtype=bool)
_MEMBERS[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")] = True
_BEGIN: Final = np.array([-1])
_CHUNK: Final = 1 << 18
_CUT: Final = re.compile(r"[^A-Za-z0-9+/_\n-]")
_LEAST_PAIRS: Final = 8
_OTHER_SIZES: Final = np.array([False, True, False, True, False, True])
"""Lengths of words that stand in no list of bytes: not 2, not 4 (``0x``), not nothing between two separators."""
_LAST_LINE: Final = re.compile(r"\n[A-Za-z0-9+/_-]{1,15}(?![^\s=])")
_PARTS: Final = re.compile(r"[A-Za-z0-9+]{16,}")
_DIGITS: Final = "0123456789abcdefABCDEF"
# The repeat keeps no way back: those of a long list of bytes would take a hundred times the memory of the list.
_SPACED_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[ :,]{1,2}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])){7,}+"
)
_STANDARD: Final = str.maketrans("-_", "+/")
_MAGIC: Final = {
    b"\x1f\x8b\x08": ("gzip", 31),
    b"\x78\x01": ("zlib", 15),
    b"\x78\x9c": ("zlib", 15),
    b"\x78\xda": ("zlib", 15),
}
_MAGIC_STARTS: Final = frozenset(magic[:2] for magic in _MAGIC)
_NO_CONTROLS: Final = bytes([9, 10, 13, *range(0x20, 0x7F), *range(0x80, 0x100)])


class Coded(NamedTuple):
    """Code points of a text, from and to, the code, and what they say."""

    start: int
    end: int
    code: str
    data: bytes
    cut: str = ""
    """Why there is less of it than was written."""


def coded(text: str) -> Iterator[Coded]:
    """What stands in a text in a code, and says something."""
    yield from _runs(text)
    for gate, find in _OTHERS:
        if gate in text:
            yield from find(text)


def unpacked(data: bytes, most: int = MOST_BYTES) -> tuple[str, bytes, str] | None:
    """The name of a compression, what it holds up to so many bytes, and why there is no more; None for other bytes."""
    found = _MAGIC.get(data[:3]) or _MAGIC.get(data[:2])
    if found is None:
        return None
    name, bits = found
    unpacker = zlib.decompressobj(bits)
    try:
        out = unpacker.decompress(data, most)
    except zlib.error:
        return None
    if not out:
        return None
    return name, out, "" if unpacker.eof else f"more than {most} bytes, or cut off"


def _runs(text: str) -> Iterator[Coded]:
    """Base64 and hex, over line ends where lines are wrapped; chunk by chunk, so that little memory is needed."""
    begin = 0
    while begin < len(text):
        cut = _CUT.search(text, begin + _CHUNK) if begin + _CHUNK < len(text) else None
        end = cut.start() if cut else len(text)
        yield from _chunk(text, begin, end)
        begin = end


def _chunk(text: str, begin: int, end: int) -> Iterator[Coded]:
    letters = np.frombuffer(text[begin:end].encode("ascii", "replace"), dtype=np.uint8)
    edges = np.concatenate((_BEGIN, np.flatnonzero(~_MEMBERS[letters]), np.array([end - begin]))) + begin
    sizes = np.diff(edges) - 1
    long = np.flatnonzero(sizes >= LEAST)
    if long.size:
        yield from _long(text, (edges[long] + 1).tolist(), edges[long + 1].tolist())
    if np.count_nonzero((sizes == 2) | (sizes == 4)) >= _LEAST_PAIRS:
        empty = sizes == 0
        other = _OTHER_SIZES[np.minimum(sizes, 5)]
        other[1:] |= empty[1:] & empty[:-1]
        others = np.concatenate((_BEGIN, np.flatnonzero(other), np.array([len(sizes)])))
        for each in np.flatnonzero(np.diff(others) > _LEAST_PAIRS).tolist():
            yield from _spaced(text, int(edges[others[each] + 1]) + 1, int(edges[others[each + 1]]))


def _long(text: str, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Coded]:
    """Runs of letters; those that follow each other line by line first as one."""
    number = 0
    while number < len(starts):
        last = number
        while last + 1 < len(starts) and starts[last + 1] == ends[last] + 1 and text[ends[last]] == "\n":
            last += 1
        whole = _whole(text, starts[number], ends[last]) if text[ends[number] : ends[number] + 1] == "\n" else None
        if whole is not None:
            yield whole
        else:
            for each in range(number, last + 1):
                yield from _run(text, starts[each], ends[each])
        number = last + 1


def _whole(text: str, start: int, end: int) -> Coded | None:
    """A block of lines, with a last line that may be short."""
    tail = _LAST_LINE.match(text, end)
    for upto in (tail.end(), end) if tail else (end,):
        found = _decoded(text, start, upto, text[start:upto].replace("\n", ""))
        if found:
            return found
    return None


def _run(text: str, start: int, end: int) -> Iterator[Coded]:
    found = None if _hopeless(text[start : start + LEAST]) else _decoded(text, start, end, text[start:end])
    if found:
        yield found
        return
    if text[start:end].isalnum():
        return
    for part in _PARTS.finditer(text, start, end):
        if part.end() - part.start() < end - start and not _hopeless(part[0][:LEAST]):
            found = _decoded(text, *part.span(), part[0])
            if found:
                yield found


def _hopeless(letters: str) -> bool:
    """Whether what begins with these letters says nothing in any code: a quick look at most identifiers."""
    if not letters.isalnum():
        letters = letters.translate(_STANDARD)
    data = binascii.a2b_base64(letters)
    others = data.translate(None, _NO_CONTROLS)
    return bool(others) and 0 not in others and data[:2] not in _MAGIC_STARTS and not _hex(letters)


def _decoded(text: str, start: int, end: int, letters: str) -> Coded | None:
    if _hex(letters):
        data = bytes.fromhex(letters)
        if _says(data):
            return Coded(start, end, "hex", data)
    if "-" in letters or "_" in letters:
        letters = letters.translate(_STANDARD)
    glance = binascii.a2b_base64(letters[:_GLANCE] if len(letters) >= _GLANCE else _padded(letters))
    if not (begins_readable(glance) or glance[:3] in _MAGIC or glance[:2] in _MAGIC):
        return None
    data = binascii.a2b_base64(_padded(letters))
    while end < len(text) and text[end] == "=":
        end += 1
    return Coded(start, end, "base64", data) if _says(data) else None


def _hex(letters: str) -> bool:
    return len(letters) >= LEAST and len(letters) % 2 == 0 and not letters.strip(_DIGITS)


def _padded(letters: str) -> str:
    over = len(letters) % 4
    return letters[:-1] if over == 1 else letters + "=" * (-over % 4)


def _says(data: bytes) -> bool:
    return bool(unpacked(data, 64) or readable(data))


def _spaced(text: str, start: int, end: int) -> Iterator[Coded]:
    for match in _SPACED_HEX.finditer(text, start, end):
        data = bytes.fromhex(re.sub(r"0x|[^0-9A-Fa-f]", "", match[0]))
        if _says(data):
            yield Coded(*match.span(), "hex", data)


def _clusters(pattern: re.Pattern[str], text: str, least: int, most: int) -> Iterator[tuple[int, int]]:
    """Stretches where escapes stand close together, with what is around them in the line."""
    first = last = -1
    number = 0
    for match in pattern.finditer(text):
        if first >= 0 and match.start() - last > most:
            if number >= least:
                yield _widened(text, first, last, most)
            first, number = -1, 0
        first = match.start() if first < 0 else first
        last, number = match.end(), number + 1
    if first >= 0 and number >= least:
        yield _widened(text, first, last, most)


def _widened(text: str, first: int, last: int, most: int) -> tuple[int, int]:
    begin = text.rfind("\n", max(0, first - most), first) + 1 or max(0, first - most)
    end = text.find("\n", last, last + most)
    return begin, end if end >= 0 else min(len(text), last + most)


def _escaped(name: str, pattern: str, least: int, say: Callable[[str], bytes]) -> Callable[[str], Iterator[Coded]]:
    compiled = re.compile(pattern)

    def find(text: str) -> Iterator[Coded]:
        for start, end in _clusters(compiled, text, least, _AROUND):
            data = say(text[start:end])
            if readable(data):
                yield Coded(start, end, name, data)

    return find


def _from_url(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), data)


def _from_entities(text: str) -> bytes:
    return html.unescape(text).encode("utf-8", "replace")


def _from_quoted_printable(text: str) -> bytes:
    return binascii.a2b_qp(text.encode("utf-8", "surrogateescape"))


def _from_escapes(text: str) -> bytes:
    def char(match: re.Match[str]) -> str:
        return chr(int(match[1] or match[2] or match[3], 16) & 0xFFFF)

    return re.sub(_ESCAPES, char, text).encode("utf-8", "replace")


def _comments(text: str) -> Iterator[Coded]:
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at + 4)
        if end < 0:
            return
        inside = text[at + 4 : end].strip().encode("utf-8", "surrogateescape")
        if readable(inside):
            yield Coded(at, end + 3, "html-comment", inside)
        at = text.find("<!--", end + 3)


_ESCAPES: Final = r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\u\{([0-9A-Fa-f]{1,6})\}"
_OTHERS: Final[tuple[tuple[str, Callable[[str], Iterator[Coded]]], ...]] = (
    ("%", _escaped("url", r"%[0-9A-Fa-f]{2}", 3, _from_url)),
    ("&", _escaped("html-entities", r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});", 3, _from_entities)),
    ("=", _escaped("quoted-printable", r"=[0-9A-F]{2}", 3, _from_quoted_printable)),
    ("\\", _escaped("escapes", _ESCAPES, 4, _from_escapes)),
    ("<!--", _comments),
)
