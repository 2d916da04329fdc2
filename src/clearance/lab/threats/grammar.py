"""A grammar as data: templates with slots, expanded by a source of randomness that is handed in."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final, TypeAlias

Words: TypeAlias = Mapping[str, Sequence[str]]
"""What may stand in a slot; a word may hold slots itself."""

_SLOT: Final = re.compile(r"\{\{|\}\}|\{([a-z_.]+)\}")
_DEEPEST: Final = 8


def expand(template: str, words: Words, pick: random.Random, depth: int = 0) -> str:
    """The template with every slot filled, ``{{`` and ``}}`` as braces.

    Raises KeyError for a slot that nothing fills, RecursionError for one that fills itself.
    """
    if depth > _DEEPEST:
        raise RecursionError(f"a slot of {template!r} holds itself")

    def filled(match: re.Match[str]) -> str:
        slot = match[1]
        if slot is None:
            return match[0][0]
        return expand(pick.choice(words[slot]), words, pick, depth + 1)

    return _SLOT.sub(filled, template)


def slots_of(template: str) -> frozenset[str]:
    """The names of the slots in a template."""
    return frozenset(match[1] for match in _SLOT.finditer(template) if match[1])


def phrases(name: str) -> dict[str, object]:
    """One of the shipped TOML files of ``phrases``, as it lies there."""
    return tomllib.loads(resources.files(__package__).joinpath("phrases", f"{name}.toml").read_text(encoding="utf-8"))


def shared_words() -> dict[str, tuple[str, ...]]:
    """The words of ``slots.toml``."""
    return {name: strings(words) for name, words in phrases("slots").items()}


def strings(value: object) -> tuple[str, ...]:
    """A list of texts out of a TOML file. Raises TypeError for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"a list of texts was expected, not {value!r:.80}")
    return tuple(value)


def table(value: object) -> dict[str, object]:
    """A table out of a TOML file. Raises TypeError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(f"a table was expected, not {value!r:.80}")
    return value


def as_order(do: str) -> str:
    """The bare imperative as a sentence."""
    return f"{do[:1].upper()}{do[1:]}" + ("" if do.endswith((".", "!", "?", "`", "'")) else ".")
