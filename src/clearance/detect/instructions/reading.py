"""All lines of a text that would do harm if an agent followed them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from clearance.detect.instructions.coded import coded
from clearance.detect.instructions.effects import effects
from clearance.detect.instructions.line import Instruction
from clearance.detect.instructions.spans import apart, inline_code, prose_in_code, sentences

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
    prose, blocks, others = apart(text[:MOST_TEXT])
    said = chain(
        chain.from_iterable(map(sentences, prose)), chain.from_iterable(map(prose_in_code, (*blocks, *others)))
    )
    found = list(chain.from_iterable(map(effects, said)))
    pieces = [*blocks, *chain.from_iterable(map(inline_code, (*prose, *blocks, *others)))]
    found += chain.from_iterable(map(coded, pieces[:_MOST_CODE]))
    found = _once(found)
    return InstructionReading(lines=tuple(found[:_MOST]), gaps=tuple(_gaps(text, len(pieces))))


def _once(found: Iterable[Instruction]) -> list[Instruction]:
    """In order; of what overlaps with the same effect, the shortest."""
    kept: list[Instruction] = []
    for line in sorted(found, key=lambda line: (line.end - line.start, line.start)):
        if not any(line.effect is k.effect and line.start < k.end and k.start < line.end for k in kept[-_MOST:]):
            kept.append(line)
    return sorted(kept, key=lambda line: (line.start, line.end))


def _gaps(text: str, pieces: int) -> Iterator[str]:
    if len(text) > MOST_TEXT:
        yield f"It has {len(text)} characters; only the first {MOST_TEXT} were read for what they make an agent do."
    if pieces > _MOST_CODE:
        yield f"It has {pieces} pieces of code; only the first {_MOST_CODE} were read."
