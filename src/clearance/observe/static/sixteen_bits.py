"""Text in UTF-16 as the UTF-8 that everything else reads, and where each of its bytes comes from.

JavaScript engines keep a text with one character beyond Latin-1 in 16 bits a character, and so do programs for Windows.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_GLANCE: Final = 4096
_LEAST: Final = 8


def as_utf8(data: bytes) -> tuple[bytes, Callable[[int], int]] | None:
    """The text in UTF-8, and the offset in ``data`` for an offset in it; None where the data is not UTF-16.

    Without a byte order mark it is told by the zeros in every other place. Lone surrogates become question marks.
    """
    coding = _coding(data)
    if coding is None:
        return None
    text = data[: len(data) // 2 * 2].decode(coding, "replace").encode("utf-8", "replace")
    octets = np.frombuffer(text, np.uint8)
    units = (octets < 0x80).astype(np.int64) + (octets >= 0xC0) + (octets >= 0xF0)
    ends = np.cumsum(units)
    begins = ends - units

    def place(offset: int) -> int:
        return 2 * int(begins[offset] if offset < len(begins) else len(data) // 2)

    return text, place


def _coding(data: bytes) -> str | None:
    if marked := _MARKS.get(data[:2]):
        return marked
    head = data[:_GLANCE]
    if len(head) < _LEAST:
        return None
    even, odd = head[::2], head[1::2]
    if 2 * odd.count(0) > len(odd) and 0 not in even:
        return "utf-16-le"
    if 2 * even.count(0) > len(even) and 0 not in odd:
        return "utf-16-be"
    return None
