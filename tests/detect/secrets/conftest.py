"""Texts drawn from expressions, so that nothing that looks like a secret lies in the repository."""

import importlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from clearance.detect.secrets import SecretJudge

_parser: Any = importlib.import_module("re._parser")


def draw(expression: str, chance: random.Random, *, shortest: bool = False) -> str:
    """A text that an expression takes; the shortest kind on request."""
    return _draw(_parser.parse(expression), chance, shortest)


def _draw(tree: Any, chance: random.Random, shortest: bool) -> str:
    out = []
    for name, value in tree:
        match str(name):
            case "LITERAL":
                out.append(chr(value))
            case "IN":
                out.append(chance.choice(_letters(value)))
            case "BRANCH":
                arms = value[1]
                out.append(
                    _draw(min(arms, key=lambda a: a.getwidth()) if shortest else chance.choice(arms), chance, shortest)
                )
            case "SUBPATTERN":
                out.append(_draw(value[3], chance, shortest))
            case "MAX_REPEAT":
                low, high, inner = value
                times = low if shortest else chance.randint(low, min(high, low + 20))
                out += [_draw(inner, chance, shortest) for _ in range(times)]
            case _:
                raise AssertionError(name)
    return "".join(out)


def _letters(items: Any) -> str:
    found = ""
    for name, value in items:
        match str(name):
            case "LITERAL":
                found += chr(value)
            case "RANGE":
                found += "".join(map(chr, range(value[0], value[1] + 1)))
            case _:
                raise AssertionError(name)
    return found


@pytest.fixture(name="draw")
def _drawing() -> Callable[..., str]:
    return draw


@pytest.fixture(scope="session")
def judge() -> SecretJudge:
    return SecretJudge(b"a key of the tests only")
