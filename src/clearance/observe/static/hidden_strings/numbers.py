"""Numbers that are written one by one, as the bytes or code points that they stand for."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

_NUMBER: Final = re.compile(rb"-?(?:0[xX][0-9A-Fa-f]{1,6}|\d{1,7})")


def numbers_in(data: bytes) -> list[int]:
    """Every number that is written in the data, decimal or with ``0x``, in order."""
    return [int(found, 16) if b"x" in found.lower() else int(found) for found in _NUMBER.findall(data)]


def from_numbers(numbers: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Each way to take the numbers, by name, straight or after a change that leaves their order.

    Bytes, with a sign or without; code points; numbers that lie close together (each is a letter plus or XOR something)
    as their low bytes and as how far they are from the least; multiples of one factor divided by it.
    """
    low, high = min(numbers, default=-1), max(numbers, default=-1)
    if low >= 0 and high < 256:
        yield "char codes", bytes(numbers)
        return
    if low >= -128 and high < 128:
        yield "char codes", bytes(number & 255 for number in numbers)
        return
    if low >= 0 and high < 0xD800 and high - low > 0x60 and (text := "".join(map(chr, numbers))).isprintable():
        yield "char codes", text.encode()
    yield from _moved(numbers, low, high)


def _moved(numbers: Sequence[int], low: int, high: int) -> Iterator[tuple[str, bytes]]:
    step = math.gcd(*(number - low for number in numbers[:4096])) or 1
    if high == low or (high - low) // step > 255:
        return
    if step == 1 and low >= 0 and low >> 8 == high >> 8:
        yield f"xor {low >> 8 << 8} of char codes", bytes(number & 255 for number in numbers)
    factor = "" if step == 1 else f" times {step}"
    yield f"shift {low}{factor} of char codes", bytes((number - low) // step for number in numbers)
