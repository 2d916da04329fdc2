"""The journal: entries that are acknowledged and not yet under a checkpoint, in frames that show where they were torn.

A frame is the entry's length in four bytes, the first eight bytes of SHA-256 over length and entry, and the entry.
"""

import hashlib
import struct
from collections.abc import Iterable
from typing import Final

_LENGTH: Final = struct.Struct(">I")
_SUM: Final = 8
FOLDER: Final = "journal"


def journal_path(first: int) -> str:
    """The journal that begins with the entry of this number."""
    return f"{FOLDER}/{first:020d}"


def first_of(path: str) -> int | None:
    """The number of a journal's first entry; None for any other path."""
    name = path.removeprefix(f"{FOLDER}/")
    return int(name) if path == f"{FOLDER}/{name}" and len(name) == 20 and name.isdigit() else None


def frames(entries: Iterable[bytes]) -> bytes:
    """Entries as the journal keeps them."""
    return b"".join(_frame(entry) for entry in entries)


def _frame(entry: bytes) -> bytes:
    length = _LENGTH.pack(len(entry))
    return length + hashlib.sha256(length + entry).digest()[:_SUM] + entry


def whole_frames(data: bytes) -> tuple[list[bytes], int]:
    """The entries up to the first frame that is torn or changed, and the bytes that they take."""
    entries: list[bytes] = []
    at = 0
    while at + _LENGTH.size + _SUM <= len(data):
        begin = at + _LENGTH.size + _SUM
        end = begin + _LENGTH.unpack_from(data, at)[0]
        entry = data[begin:end]
        if end > len(data) or data[at:begin] + entry != _frame(entry):
            break
        entries.append(entry)
        at = end
    return entries, at
