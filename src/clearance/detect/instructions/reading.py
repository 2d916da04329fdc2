"""All lines of a text that would do harm if an agent followed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from clearance.detect.instructions.coded import coded
from clearance.detect.instructions.effects import effects
from clearance.detect.instructions.line import Instruction
from clearance.detect.instructions.spans import apart, inline_code, sentences

MOST_TEXT: Final = 1 << 20
"""Characters that are read."""
_MOST_CODE: Final = 2_000
"""Pieces of code that are read."""
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionReading:
    """What was seen, and what was not looked at."""

    lines: tuple[Instruction, ...]
    """In order, at most 200."""
    gaps: tuple[str, ...] = ()


def read_instructions(text: str) -> InstructionReading:
    """Read a text of Markdown. Pure, total; time grows with the text, of which the first MiB is read."""
    prose, blocks = apart(text[:MOST_TEXT])
    found: list[Instruction] = [line for part in prose for sentence in sentences(part) for line in effects(sentence)]
    pieces = [*blocks, *chain.from_iterable(inline_code(part) for part in prose)]
    for piece in pieces[:_MOST_CODE]:
        found += coded(piece)
    found.sort(key=lambda line: (line.start, line.end))
    return InstructionReading(lines=tuple(found[:_MOST]), gaps=tuple(_gaps(text, len(pieces))))


def _gaps(text: str, pieces: int) -> Iterator[str]:
    if len(text) > MOST_TEXT:
        yield f"It has {len(text)} characters; only the first {MOST_TEXT} were read for what they make an agent do."
    if pieces > _MOST_CODE:
        yield f"It has {pieces} pieces of code; only the first {_MOST_CODE} were read."
