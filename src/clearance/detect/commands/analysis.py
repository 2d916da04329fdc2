"""One command, from its text to what was made of it."""

from typing import Final

from clearance.detect.commands.combinations import combine
from clearance.detect.commands.dialects import interpret
from clearance.detect.commands.guess import guesses
from clearance.detect.commands.policy import score_of, verdict_of
from clearance.detect.commands.scene import MOST_ACTIONS, Scene
from clearance.model.command import CommandReading, Dialect

MOST_TEXT: Final = 98_304
"""Characters that are read of one command: two thirds from its beginning, one third from its end."""
_TAIL: Final = 8192
_MOST_RESOLVED: Final = 200


def analyse_command(
    text: str, *, dialect: Dialect | None = None, project: str = "", trusted_hosts: frozenset[str] = frozenset()
) -> CommandReading:
    """Read one command.

    Pure, total and bounded: every text gives a reading within bounded time, and what could not be read is in its
    ``gaps``. Nothing is run. ``dialect`` is guessed where it is None; ``project`` is the folder that the assistant
    works in; ``trusted_hosts`` are hosts, with everything below them, that data may go to and code may come from.
    """
    readings = [_read(text, d, project, trusted_hosts) for d in ((dialect,) if dialect else guesses(text))]
    # Where the language is in doubt the worse reading counts; ties go to the likelier language.
    return max(readings, key=lambda r: r.score)


def _read(text: str, chosen: Dialect, project: str, trusted: frozenset[str]) -> CommandReading:
    scene = Scene(dialect=chosen, interpret=interpret, project=project, trusted=trusted)
    if "\x00" in text:
        scene.gaps["It holds NUL characters, which a shell would end or drop; they were left out."] = None
    scene.nested(_bounded(scene, text), chosen)
    if scene.left < 0:
        # Whoever pads a command hides its end.
        scene.left = MOST_ACTIONS // 2
        scene.nested(text[-_TAIL:], chosen)
    return reading_of(scene, chosen)


def _bounded(scene: Scene, text: str) -> str:
    if len(text) <= MOST_TEXT:
        return text
    head, tail = MOST_TEXT * 2 // 3, MOST_TEXT // 3
    scene.gaps[f"It has {len(text)} characters; only the first {head} and the last {tail} were read."] = None
    return text[:head] + "\n" + text[-tail:]


def reading_of(scene: Scene, dialect: Dialect) -> CommandReading:
    """What a scene holds at the end, as a reading."""
    combine(scene)
    sightings = tuple(sorted(scene.sightings.values(), key=lambda s: (-s.weight, s.capability, s.sentence)))
    # Rounded first: what lies on a threshold is not decided by the last bit.
    score = round(score_of(sightings), 6)
    return CommandReading(
        dialect=dialect,
        sightings=sightings,
        flows=tuple(scene.flows.values()),
        verdict=verdict_of(score, sightings, len(scene.resolved)),
        score=score,
        gaps=tuple(scene.gaps),
        resolved=tuple(scene.resolved[:_MOST_RESOLVED]),
        destinations=tuple(scene.destinations),
    )
