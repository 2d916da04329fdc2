"""Sequences of the zstd format (RFC 8878, section 3.1.1.3.2): literals to take and matches to copy."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clearance.intake.unpack.inside.region import Broken
from clearance.intake.unpack.inside.zstd_tables import StateTable, backward_bits, read_counts, state_table

_PREDEFINED, _RUN, _DESCRIBED, _REPEATED = range(4)
MOST_BLOCK = 128 << 10
"""Bytes that a block may hold, packed or not."""
_LONGEST = 128
"""More bits than one sequence reads: 31 + 16 + 16 and 9 + 9 + 8 for what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One of the three numbers of a sequence: its largest table, its usual one, and what its codes stand for."""

    most_log: int
    usual: StateTable
    bases: tuple[int, ...]
    extra: tuple[int, ...]


def _usual(log: int, counts: str) -> StateTable:
    return state_table([int(count) for count in counts.split()], log)


def _values(first: int, plain: int, extra: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What codes stand for: ``plain`` single values from ``first``, then ranges of 2^extra values."""
    widths = [0] * plain + [int(width) for width in extra.split()]
    bases = [first]
    for width in widths[:-1]:
        bases.append(bases[-1] + (1 << width))
    return tuple(bases), tuple(widths)


_LENGTHS = _values(0, 16, "1 1 1 1 2 2 3 3 4 6 7 8 9 10 11 12 13 14 15 16")
_MATCHES = _values(3, 32, "1 1 1 1 2 2 3 3 4 4 5 7 8 9 10 11 12 13 14 15 16")
_KINDS = (
    _Kind(
        most_log=9,
        usual=_usual(6, "4 3 2 2 2 2 2 2 2 2 2 2 2 1 1 1 2 2 2 2 2 2 2 2 2 3 2 1 1 1 1 1 -1 -1 -1 -1"),
        bases=_LENGTHS[0],
        extra=_LENGTHS[1],
    ),
    _Kind(
        most_log=8,
        usual=_usual(5, "1 1 1 1 1 1 2 2 2 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 -1 -1 -1 -1 -1"),
        bases=tuple(1 << code for code in range(32)),
        extra=tuple(range(32)),
    ),
    _Kind(
        most_log=9,
        usual=_usual(6, "1 4 3 2 2 2 2 2 2" + " 1" * 37 + " -1" * 7),
        bases=_MATCHES[0],
        extra=_MATCHES[1],
    ),
)
"""Literal lengths, offsets, match lengths."""

_Rows = tuple[tuple[int, int, int, int], ...]
"""For each state: the value's base and extra bits, the next state's base and bits."""


@dataclass(slots=True)
class Tables:
    """What the blocks of one frame share: the tables of the block before, and the last three offsets."""

    rows: list[_Rows | None] = field(default_factory=lambda: [None, None, None])
    logs: list[int] = field(default_factory=lambda: [0, 0, 0])
    recent: tuple[int, int, int] = (1, 4, 8)


def apply_sequences(past: bytearray, literals: bytes, raw: bytes, tables: Tables) -> None:
    """Append to ``past`` what the block's sequences make of its literals. Raises Broken."""
    count, at = _count(raw)
    if count:
        at = _read_tables(raw, at, tables)
        literals = literals[_run(past, literals, (raw[at:], count), tables) :]
    past += literals


def _count(raw: bytes) -> tuple[int, int]:
    head = raw[:3] + bytes(3)
    if not raw:
        raise Broken("a block ends in the middle")
    if head[0] < 128:
        return head[0], 1
    if head[0] < 255:
        return ((head[0] - 128) << 8) + head[1], 2
    return head[1] + (head[2] << 8) + 0x7F00, 3


def _read_tables(raw: bytes, at: int, tables: Tables) -> int:
    if at >= len(raw):
        raise Broken("a block ends in the middle")
    modes, at = raw[at], at + 1
    for number, (kind, shift) in enumerate(zip(_KINDS, (6, 4, 2), strict=True)):
        mode = modes >> shift & 3
        if mode == _REPEATED:
            if tables.rows[number] is None:
                raise Broken("a block repeats a table that was never there")
            continue
        if mode == _PREDEFINED:
            table = kind.usual
        elif mode == _RUN:
            if at >= len(raw):
                raise Broken("a block ends in the middle")
            table, at = StateTable(log=0, symbols=(raw[at],), bits=(0,), bases=(0,)), at + 1
        else:
            counts, log, taken = read_counts(raw[at:], kind.most_log, len(kind.bases))
            table, at = state_table(counts, log), at + taken
        tables.rows[number], tables.logs[number] = _rows(kind, table), table.log
    return at


def _rows(kind: _Kind, table: StateTable) -> _Rows:
    if max(table.symbols) >= len(kind.bases):
        raise Broken("a table holds a code that stands for nothing")
    columns = zip(table.symbols, table.bases, table.bits, strict=True)
    return tuple((kind.bases[symbol], kind.extra[symbol], base, bits) for symbol, base, bits in columns)


def _run(past: bytearray, literals: bytes, stream: tuple[bytes, int], tables: Tables) -> int:
    """Every sequence of a block; how many literals they took."""
    taken, most = 0, len(past) + MOST_BLOCK
    for length, match, offset in _sequences(stream, tables):
        if len(past) + length + match > most:
            raise Broken("a block is larger than it may be")
        past += literals[taken : taken + length]
        taken += length
        distance = _distance(offset, length, tables)
        if not 0 < distance <= len(past) or taken > len(literals):
            raise Broken("a match begins before there is anything")
        start = len(past) - distance
        if match <= distance:
            past += past[start : start + match]
        else:
            past += (past[start:] * (match // distance + 1))[:match]
    return taken


def _sequences(stream: tuple[bytes, int], tables: Tables) -> Iterator[tuple[int, int, int]]:
    """Literals to take, bytes to copy, and the offset's code, of each sequence. Raises Broken."""
    raw, count = stream
    bits = backward_bits(raw)
    end = len(bits)
    bits += "0" * _LONGEST  # what is read beyond the end shows in the position
    lengths, offsets, matches = (rows or () for rows in tables.rows)
    states, at = [], 0
    for log in tables.logs:
        states.append(int(bits[at : at + log] or "0", 2))
        at += log
    length_state, offset_state, match_state = states
    for left in range(count - 1, -1, -1):
        length, length_bits, length_base, length_next = lengths[length_state]
        offset, offset_bits, offset_base, offset_next = offsets[offset_state]
        match, match_bits, match_base, match_next = matches[match_state]
        # Everything that a sequence reads at once: an int of a slice costs more than shifts.
        width = offset_bits + match_bits + length_bits
        width += length_next + match_next + offset_next if left else 0
        value = int(bits[at : at + width] or "0", 2)
        at += width
        if at > end:
            raise Broken("sequences end in the middle")
        if left:
            offset_state = offset_base + (value & ((1 << offset_next) - 1))
            value >>= offset_next
            match_state = match_base + (value & ((1 << match_next) - 1))
            value >>= match_next
            length_state = length_base + (value & ((1 << length_next) - 1))
            value >>= length_next
        length += value & ((1 << length_bits) - 1)
        value >>= length_bits
        yield length, match + (value & ((1 << match_bits) - 1)), offset + (value >> match_bits)
    if at != end:
        raise Broken("sequences end later than they say")


def _distance(offset: int, length: int, tables: Tables) -> int:
    """How far back a match begins: a new distance, or one of the last three."""
    first, second, third = tables.recent
    if offset > 3:
        tables.recent = offset - 3, first, second
        return offset - 3
    index = offset if length == 0 else offset - 1
    if index == 0:
        return first
    if index == 1:
        tables.recent = second, first, third
        return second
    distance = third if index == 2 else first - 1
    tables.recent = distance, first, second
    return distance
