"""Tables of the zstd format (RFC 8878, section 4): finite-state entropy and Huffman codes.

Bits are read from strings of ``0`` and ``1``: of all ways to read bits in plain Python it is the fastest.
"""

from dataclasses import dataclass

from clearance.intake.unpack.inside.region import Broken

_MOST_WEIGHT_BITS = 6
_MOST_CODE_BITS = 11
_WINDOW = 12
"""Bits that one step of Huffman decoding looks at: about two symbols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTable:
    """A finite-state decoder: for each state its symbol, the bits to the next state, and what they are added to."""

    log: int
    symbols: tuple[int, ...]
    bits: tuple[int, ...]
    bases: tuple[int, ...]


class Codes(dict[str, tuple[bytes, int]]):
    """For each window of bits, the symbols that are whole in it and how many bits they take; filled as it is used."""

    def __init__(self, single: list[tuple[int, int]]) -> None:
        super().__init__()
        self._single = single
        self._longest = len(single).bit_length() - 1

    def __missing__(self, window: str) -> tuple[bytes, int]:
        found: list[int] = []
        used = 0
        while used + self._longest <= _WINDOW or not found:
            symbol, width = self._single[int(window[used : used + self._longest], 2)]
            found.append(symbol)
            used += width
        self[window] = bytes(found), used
        return self[window]


def backward_bits(raw: bytes) -> str:
    """The bits of a stream that is read from its end, in the order of reading. Raises Broken."""
    if not raw or not raw[-1]:
        raise Broken("a bit stream does not end as it must")
    return bin(int.from_bytes(raw, "little"))[3:]  # "0b" and the mark of the end


def state_table(counts: list[int], log: int) -> StateTable:
    """The decoder for symbols with these counts, which add up to 2^log (-1 counts as 1)."""
    size = 1 << log
    symbols, high = [0] * size, size
    for symbol, count in enumerate(counts):
        if count == -1:
            high -= 1
            symbols[high] = symbol
    at, step = 0, (size >> 1) + (size >> 3) + 3
    for symbol, count in enumerate(counts):
        for _ in range(max(count, 0)):
            symbols[at] = symbol
            at = (at + step) & (size - 1)
            while at >= high:
                at = (at + step) & (size - 1)
    following = [abs(count) for count in counts]
    bits, bases = [], []
    for symbol in symbols:
        state = following[symbol]
        following[symbol] += 1
        bits.append(log - state.bit_length() + 1)
        bases.append((state << bits[-1]) - size)
    return StateTable(log=log, symbols=tuple(symbols), bits=tuple(bits), bases=tuple(bases))


def read_counts(raw: bytes, most_log: int, most_symbols: int) -> tuple[list[int], int, int]:
    """Counts of symbols, their log, and the bytes that the description took. Raises Broken."""
    window, at = int.from_bytes(raw[:512], "little"), 4
    log = (window & 15) + 5
    if log > most_log:
        raise Broken("a table is larger than it may be")
    counts: list[int] = []
    left = 1 << log
    while left > 0:
        width = (left + 1).bit_length()
        value, low, threshold = (window >> at) & ((1 << width) - 1), (1 << (width - 1)) - 1, (1 << width) - 2 - left
        if value & low < threshold:
            value, width = value & low, width - 1
        elif value > low:
            value -= threshold
        at += width
        counts.append(value - 1)
        left -= abs(value - 1)
        while value == 1:
            repeat = (window >> at) & 3
            at += 2
            counts += [0] * repeat
            if repeat < 3:
                break
        if len(counts) > most_symbols or at > 8 * len(raw):
            raise Broken("a table does not end")
    if left:
        raise Broken("a table's counts do not add up")
    return counts, log, (at + 7) // 8


def huffman_codes(raw: bytes) -> tuple[Codes, int]:
    """The codes that a description begins with, and its bytes. Raises Broken."""
    if not raw:
        raise Broken("it ends in the middle")
    if raw[0] < 128:
        size = 1 + raw[0]
        weights = _packed_weights(raw[1:size])
    else:
        count = raw[0] - 127
        size = 1 + (count + 1) // 2
        weights = [half for byte in raw[1:size] for half in (byte >> 4, byte & 15)][:count]
    if len(raw) < size:
        raise Broken("it ends in the middle")
    return _codes(weights), size


def _packed_weights(raw: bytes) -> list[int]:
    counts, log, taken = read_counts(raw, _MOST_WEIGHT_BITS, 256)
    table = state_table(counts, log)
    bits = backward_bits(raw[taken:])
    if len(bits) < 2 * log:
        raise Broken("it ends in the middle")
    states = [int(bits[:log], 2), int(bits[log : 2 * log], 2)]
    at, turn = 2 * log, 0
    weights: list[int] = []
    while len(weights) < 255:
        state = states[turn]
        weights.append(table.symbols[state])
        width = table.bits[state]
        if at + width > len(bits):
            weights.append(table.symbols[states[1 - turn]])
            break
        states[turn] = table.bases[state] + (int(bits[at : at + width], 2) if width else 0)
        at, turn = at + width, 1 - turn
    return weights


def _codes(weights: list[int]) -> Codes:
    total = sum(1 << (weight - 1) for weight in weights if weight)
    longest = total.bit_length()
    left = (1 << longest) - total
    if not total or longest > _MOST_CODE_BITS or left & (left - 1):
        raise Broken("a Huffman table is no whole tree")
    weights = [*weights, left.bit_length()]
    # Codes in order of weight, then symbol; each takes 2^(weight - 1) places of a table of 2^longest.
    order = sorted((weight, symbol) for symbol, weight in enumerate(weights) if weight)
    single: list[tuple[int, int]] = []
    for weight, symbol in order:
        single += [(symbol, longest + 1 - weight)] * (1 << (weight - 1))
    if len(single) != 1 << longest or len(weights) > 256:
        raise Broken("a Huffman table is no whole tree")
    return Codes(single)


def huffman_decode(codes: Codes, raw: bytes, size: int) -> bytes:
    """``size`` symbols of one stream. Raises Broken where it ends earlier or later."""
    bits = backward_bits(raw)
    end = len(bits)
    bits += "0" * _WINDOW
    at = count = 0
    parts = []
    while count < size and at < end:
        part, used = codes[bits[at : at + _WINDOW]]
        parts.append(part)
        at += used
        count += len(part)
    symbols = b"".join(parts)
    if count < size or at < end:
        raise Broken("a stream of literals has the wrong length")
    return symbols[:size]
