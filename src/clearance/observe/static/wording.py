"""What is written down in a script: every literal and every property name, each once, by a short digest.

Minifiers give other names to what is local, in every build; literals and the names of properties stay. Two releases are
compared by these. Of the digests only what is new in one of them is read again as text.
"""

import re
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.script import LiteralKind, Script

DIGEST_BYTES = 8
LEAST = 4
"""Characters of the shortest literal that counts."""
_PROPERTY: Final = re.compile(rb"(?<=[\w$)\]])\.([A-Za-z_$][\w$]{3,60})")
ROW: Final = np.dtype([("digest", np.uint64), ("offset", np.int64), ("size", np.int32), ("member", np.int32)])

Rows = npt.NDArray[np.void]
"""``ROW`` records sorted by digest, each digest once. ``size`` is negative for a property name."""


def wording(script: Script, member: int) -> Rows:
    """Every literal of at least ``LEAST`` bytes and every property name of a script."""
    found: dict[int, tuple[int, int]] = {}
    sizes = script.ends - script.starts
    wanted = np.flatnonzero((script.kinds <= LiteralKind.TEMPLATE) & (sizes >= LEAST))
    for start, end in zip(script.starts[wanted].tolist(), script.ends[wanted].tolist(), strict=True):
        raw = bytes(script.data[start:end])
        found.setdefault(digest_of(raw), (start, end - start))
    names: dict[bytes, int] = {}
    for match in _PROPERTY.finditer(script.data):
        names.setdefault(match.group(1), match.start(1))
    for name, offset in names.items():
        found.setdefault(digest_of(b"." + name), (offset, -len(name)))
    return rows_of(found, member)


def digest_of(raw: bytes) -> int:
    """Eight bytes of BLAKE2b as a number."""
    return int.from_bytes(blake2b(raw, digest_size=DIGEST_BYTES).digest(), "little")


def rows_of(found: dict[int, tuple[int, int]], member: int) -> Rows:
    """Digest to offset and size, as sorted rows."""
    rows = np.zeros(len(found), ROW)
    rows["digest"] = np.fromiter(found, np.uint64, len(found))
    places = np.array(list(found.values()), np.int64).reshape(-1, 2)
    rows["offset"], rows["size"] = places[:, 0], places[:, 1]
    rows["member"] = member
    return np.sort(rows, order="digest")


def united(parts: list[Rows]) -> Rows:
    """One table of several; of a digest the first member's row stays."""
    if not parts:
        return np.zeros(0, ROW)
    every = np.concatenate(parts)
    order = np.lexsort((every["offset"], every["member"], every["digest"]))
    every = every[order]
    first = np.ones(len(every), np.bool_)
    first[1:] = every["digest"][1:] != every["digest"][:-1]
    return every[first]


def only_in(one: Rows, other: Rows) -> Rows:
    """Rows of ``one`` whose digest ``other`` does not have."""
    return one[~np.isin(one["digest"], other["digest"], assume_unique=True)]
