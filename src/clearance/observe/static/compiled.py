"""Compiled code beside its scripts: strings of it that no script or text of the release has.

1. Every run of 16 and more printable bytes is a string; backslashes do not count: scripts write them, code has none.
2. A string is cut into words of eight bytes. All words of all scripts are looked up, at every offset, in arrays.
3. A string of which most words are nowhere is unexplained. It is told where it is a text or a row of base64 letters;
   an engine's own names and tables of numbers are only counted. A host that is in no script is always told.

Work is linear in the bytes; memory is bounded by ``MOST_BYTES`` of different strings.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.model.contents import CompiledCode, CompiledString
from clearance.observe.static.endpoints import hosts_in

MOST_BYTES: Final = 96 << 20
"""Bytes of different strings of one member that are compared."""
_STRING: Final = re.compile(rb"[\x20-\x7e]{16,4096}")
_WORD: Final = 8
_CHUNK: Final = 1 << 20
_BITS: Final = 24
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing
_CODED: Final = re.compile(rb"[A-Za-z0-9+/_-]{80,}={0,2}")
_TEXT: Final = re.compile(rb"(?:[A-Za-z',;:()*-]{1,24} ){7,}")
_HALF: Final = 0.4
"""Of a string's words, the share in scripts up to which it is unexplained: by chance one or two are there."""
_MOST: Final = 200
_SHOWN: Final = 400
_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strings:
    """Different strings of one member, where each was first, and their words."""

    texts: tuple[bytes, ...]
    places: tuple[int, ...]
    counts: npt.NDArray[np.int64]
    words: _Words

    @classmethod
    def of(cls, data: Iterable[tuple[int, bytes]]) -> "_Strings":
        found = _different(data)
        texts = tuple(found)
        cut = b"".join(text[: len(text) // _WORD * _WORD] for text in texts)
        counts = np.fromiter((len(text) // _WORD for text in texts), np.int64, len(texts))
        return cls(texts=texts, places=tuple(found.values()), counts=counts, words=np.frombuffer(cut, np.uint64))


def _different(data: Iterable[tuple[int, bytes]]) -> Mapping[bytes, int]:
    found: dict[bytes, int] = {}
    left = MOST_BYTES
    for offset, stretch in data:
        for match in _STRING.finditer(stretch):
            if offset and match.start() == 0:  # the stretch before has it whole
                continue
            text = match.group().replace(b"\\", b"")
            if len(text) >= 2 * _WORD and text not in found:
                left -= len(text)
                if left < 0:
                    return found
                found[text] = offset + match.start()
    return found


def compare_compiled(
    member: int,
    data: Iterable[tuple[int, bytes]],
    scripts: Callable[[], Iterable[bytes]],
    engines: Sequence[bytes | mmap] = (),
) -> CompiledCode:
    """What compiled code says that no script says, and no engine. ``data`` comes in stretches, each with its offset."""
    strings = _Strings.of(data)
    known = _known(strings.words, scripts())
    owners = np.repeat(np.arange(len(strings.texts)), strings.counts)
    explained = np.bincount(owners, weights=known, minlength=len(strings.texts)) / np.maximum(strings.counts, 1)
    doubtful = np.flatnonzero(explained < 1.0).tolist()
    strange = _strange_hosts([strings.texts[at] for at in doubtful], scripts)
    told = [
        CompiledString(kind=kind, text=strings.texts[at][:_SHOWN].decode("ascii"), offset=strings.places[at])
        for at in doubtful
        if (kind := _kind(strings.texts[at], strange, float(explained[at])))
        if kind == "host" or not any(engine.find(strings.texts[at]) >= 0 for engine in engines)
    ]
    unexplained = int((explained <= _HALF).sum())
    return CompiledCode(member=member, strings=len(strings.texts), unexplained=unexplained, telling=tuple(told[:_MOST]))


def _known(words: _Words, scripts: Iterable[bytes]) -> npt.NDArray[np.bool_]:
    """Which of the words stand somewhere in the scripts, at any offset."""
    unique, back = np.unique(words, return_inverse=True)
    seen = np.zeros(len(unique), np.bool_)
    likely = np.zeros(1 << _BITS, np.bool_)
    likely[_slot(unique)] = True
    for script in scripts if len(unique) else ():
        for words_there in _words_at_every_offset(script.replace(b"\\", b"")):
            found = words_there[likely[_slot(words_there)]]
            at = np.minimum(np.searchsorted(unique, found), len(unique) - 1)
            seen[at[unique[at] == found]] = True
    return seen[back]


def _slot(words: _Words) -> _Words:
    return (words * _MIX) >> np.uint64(64 - _BITS)


def _words_at_every_offset(script: bytes) -> Iterator[_Words]:
    for begin in range(0, len(script), _CHUNK):
        chunk = script[begin : begin + _CHUNK + _WORD - 1]
        for shift in range(min(_WORD, len(chunk) - _WORD + 1)):
            yield np.frombuffer(chunk, np.uint64, (len(chunk) - shift) // _WORD, shift)


def _strange_hosts(texts: Iterable[bytes], scripts: Callable[[], Iterable[bytes]]) -> frozenset[str]:
    """Hosts in the texts that stand in no script; a string may run into the next one, so the host alone counts."""
    hosts = {host for text in texts for host in hosts_in(text)}
    for script in scripts() if hosts else ():
        hosts = {host for host in hosts if host.encode() not in script}
    return frozenset(hosts)


def _kind(text: bytes, strange: frozenset[str], explained: float) -> str:
    """What a string says, or nothing."""
    if strange.intersection(hosts_in(text)):
        return "host"
    if explained > _HALF:
        return ""
    if _CODED.search(text):
        return "coded"
    return "text" if _TEXT.search(text) else ""
