"""One line in an ordinary skill that makes the agent do harm, politely; and honest lines in the same places.

Deterministic from a seed. The line is named by what it makes the agent do (``Effect``), not by its tone. Each row is a
window of an honest skill that is handed in, with the line at one of its line ends.
"""

import enum
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from clearance.detect.instructions.line import Effect
from clearance.lab.threats.grammar import expand, phrases, strings, table


class Part(enum.StrEnum):
    """Which grammar: rules may be made with the first, the second is for figures alone."""

    DEVELOP = "develop"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuriedLine:
    """A window of a skill with one line more."""

    text: str
    line: str
    effect: Effect | None
    """None: an honest line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGrammar:
    """Templates of one part."""

    words: Mapping[str, Sequence[str]]
    lines: Mapping[Effect, Sequence[str]]
    twins: Sequence[str]


@cache
def line_grammar(part: Part) -> LineGrammar:
    """The templates as they ship. Raises TypeError where the file has another shape."""
    raw = table(phrases("skill_lines")[part.value])
    return LineGrammar(
        words={name: strings(words) for name, words in table(raw["words"]).items()},
        lines={effect: strings(table(raw[effect.value])["lines"]) for effect in Effect},
        twins=strings(table(raw["twins"])["lines"]),
    )


def buried_lines(part: Part, documents: Sequence[str], seed: int, pairs: int) -> Iterator[BuriedLine]:
    """``pairs`` harmful lines, effects in turn, each followed by an honest one in the same document."""
    grammar, pick = line_grammar(part), random.Random(seed)  # noqa: S311 - rows for figures, not keys
    effects = list(Effect)
    for number in range(pairs):
        effect, document = effects[number % len(effects)], pick.choice(documents)
        at = pick.random()
        for lines, of in ((grammar.lines[effect], effect), (grammar.twins, None)):
            line = _sentence(expand(pick.choice(lines), grammar.words, pick))
            yield BuriedLine(text=_with(document, line, at, pick.choice(_SHAPES)), line=line, effect=of)


_SHAPES = ("{}", "- {}", "* {}", "1. {}", "> {}", "\n{}\n", "**Note:** {}", "### Step\n\n{}")


def _with(document: str, line: str, place: float, shape: str) -> str:
    lines = document.split("\n")
    at = int(place * len(lines))
    return "\n".join([*lines[:at], shape.replace("{}", line), *lines[at:]])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
