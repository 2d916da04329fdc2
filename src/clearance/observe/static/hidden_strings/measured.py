"""All strings of a script measured at once: of what alphabet each is, how surprising, and what stands behind it."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.escapes import unescape
from clearance.observe.static.hidden_strings.as_bytes import as_bytes
from clearance.observe.static.hidden_strings.batches import Batch, Ints, batch_bits
from clearance.observe.static.hidden_strings.likelihood import Bits, Bytes
from clearance.observe.static.script import LiteralKind, Script

LEAST: Final = 20
"""Bytes of a literal that are looked at by themselves; shorter ones only as part of a list."""
LONGEST: Final = 8 << 20
"""Bytes of one literal that are read."""

BASE64, HEX, NUMBERS, PLAIN, _LIST, _JOIN = (1 << bit for bit in range(6))
_FILE: Final = re.compile(
    rb"(?:[\w.$@~-]{0,32}/){1,8}+[\w.$@+-]{1,48}\.(?:[cm]?[jt]sx?|json|node|wasm|css|html?|md|txt|py|map|svg|png|ttf)"
)
"""A path of a file as programs are made of them: it may carry a hash, and hides nothing."""
_LETTERS64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_DOT: Final = ord(".")
_LONGEST_GAP: Final = 200
_Mask = npt.NDArray[np.uint8]


def _flags() -> _Mask:
    table = np.zeros(256, np.uint8)
    classes = (
        (BASE64, _LETTERS64 + b"+/-_="),
        (HEX, b"0123456789abcdefABCDEF"),
        (NUMBERS, b"0123456789abcdefABCDEFxX,;:. |_-+\n\r\t"),
        (PLAIN, bytes(octet for octet in range(32, 127) if octet not in b"\\%&")),
        (_LIST, b", \t\r\n\"'`"),
        (_JOIN, b"+ \t\r\n\"'`\\()"),
    )
    for flag, octets in classes:
        table[np.frombuffer(octets, np.uint8)] |= flag
    return table


_FLAGS: Final = _flags()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The strings of a script, what alphabets each is of, and what stands between each and the next."""

    script: Script
    data: Bytes
    indices: Ints
    """Of the script's literals: strings and pieces of templates that are not empty."""
    starts: Ints
    ends: Ints
    alphabets: _Mask
    long: Ints
    """Which of them are long enough to be looked at by themselves …"""
    surprise: Bits
    """… and bits a byte of each of those, as written."""
    listed: npt.NDArray[np.bool_]
    """A comma stands between this one and the next, and nothing else."""
    added: npt.NDArray[np.bool_]
    """A plus, or in Python nothing, stands between this one and the next."""

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def sizes(self) -> Ints:
        """Bytes of each string as written."""
        return self.ends - self.starts

    def bits(self, chosen: Ints, *, backwards: bool = False) -> Bits:
        """Bits a byte of some of the strings, as written."""
        batch = Batch.slices(self.data, self.starts[chosen], self.ends[chosen])
        return batch_bits(batch, backwards=backwards)

    def plain(self, index: int) -> bytes:
        """A string as the program sees it; its code points as bytes where it is no more than that."""
        raw = bytes(self.script.data[self.starts[index] : min(self.ends[index], self.starts[index] + LONGEST)])
        if b"\\" not in raw:
            return raw
        return as_bytes(unescape(raw, python=self.script.python))

    def size(self, index: int) -> int:
        """Bytes of a string as written."""
        return int(self.ends[index] - self.starts[index])


def measured(script: Script) -> Measured:
    """Every string of a script measured, in a few passes over the bytes."""
    data = np.frombuffer(script.data, np.uint8)
    indices = np.flatnonzero((script.kinds <= LiteralKind.TEMPLATE) & (script.ends > script.starts))
    indices = _without_files(data, indices, script)
    starts, ends = script.starts[indices], script.ends[indices]
    many = len(indices)
    alphabets = gaps = np.zeros(many, np.uint8)
    if many:
        edges = np.stack((starts, ends), axis=1).ravel()
        classes = _FLAGS[data]
        within = np.bitwise_and.reduceat(np.append(classes, np.uint8(0)), edges)
        alphabets, gaps = within[::2], within[1::2]
    long = np.flatnonzero(ends - starts >= LEAST)
    return Measured(
        script=script,
        data=data,
        indices=indices,
        starts=starts,
        ends=ends,
        alphabets=alphabets,
        long=long,
        surprise=batch_bits(Batch.slices(data, starts[long], ends[long])),
        listed=_between(data, ends, starts, gaps, _LIST, b","),
        added=_between(data, ends, starts, gaps, _JOIN, b"" if script.python else b"+"),
    )


def _without_files(data: Bytes, indices: Ints, script: Script) -> Ints:
    """Those strings that are no path of a file."""
    long = np.flatnonzero(script.ends[indices] - script.starts[indices] >= LEAST)
    starts, ends = script.starts[indices[long]], script.ends[indices[long]]
    dotted = (data[ends - 3] == _DOT) | (data[ends - 4] == _DOT) | (data[ends - 5] == _DOT)
    likely = zip(long[dotted].tolist(), starts[dotted].tolist(), ends[dotted].tolist(), strict=True)
    files = [at for at, start, end in likely if _FILE.fullmatch(data[start:end].tobytes())]
    return np.delete(indices, files) if files else indices


def _between(
    data: Bytes,
    ends: Ints,
    starts: Ints,
    gaps: _Mask,
    flag: int,
    sign: bytes,
) -> npt.NDArray[np.bool_]:
    """Whether the gap behind each string is only of a class, short, and has the sign in it."""
    found: npt.NDArray[np.bool_] = (gaps & flag) != 0
    if len(found):
        found[-1] = False
    for at in np.flatnonzero(found):
        begin, end = int(ends[at]), int(starts[at + 1])
        found[at] = end - begin <= _LONGEST_GAP and (not sign or sign in data[begin:end].tobytes())
    return found
