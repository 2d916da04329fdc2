"""Scripted exfiltration: a secret is read, disguised and sent, in forms that no rule was written for."""

import importlib.util
from pathlib import Path

import pytest

from clearance.detect.commands import analyse_command
from clearance.model.command import CommandVerdict, SinkKind

_spec = importlib.util.spec_from_file_location("exfiltration", Path(__file__).with_name("exfiltration.py"))
assert _spec is not None
assert _spec.loader is not None
exfiltration = importlib.util.module_from_spec(_spec)
import sys  # noqa: E402 - a dataclass looks its module up by name

sys.modules["exfiltration"] = exfiltration
_spec.loader.exec_module(exfiltration)


def share_seen(commands: list[str]) -> float:
    """Dangerous, and by a flow to the network: not for some other reason."""
    seen = 0
    for command in commands:
        reading = analyse_command(command)
        sends = any(flow.sink is SinkKind.NETWORK for flow in reading.flows)
        seen += sends and reading.verdict is CommandVerdict.DANGEROUS
    return seen / len(commands)


def test_97_of_100_variants_of_the_held_out_grammar_are_seen() -> None:
    assert share_seen(exfiltration.variants(exfiltration.HELD_OUT, 300)) >= 0.97


@pytest.mark.parametrize("part", ["DEVELOP", "DEVELOP_MORE", "DEVELOP_LAST", "LAST_WRITTEN"])
def test_97_of_100_variants_of_the_other_parts_are_seen(part: str) -> None:
    assert share_seen(exfiltration.variants(getattr(exfiltration, part), 100)) >= 0.97


def test_the_same_seed_gives_the_same_commands() -> None:
    first, second = (exfiltration.variants(exfiltration.HELD_OUT, 20, seed=3) for _ in range(2))
    assert first == second


def test_the_parts_of_the_grammar_share_nothing() -> None:
    held, others = exfiltration.HELD_OUT, (exfiltration.DEVELOP, exfiltration.DEVELOP_MORE, exfiltration.DEVELOP_LAST)
    for other in others:
        for part in ("files", "prints", "piped", "worded", "filed", "scripts"):
            assert not set(getattr(held, part)) & set(getattr(other, part))


def test_the_same_ways_without_a_secret_are_not_taken_for_sending_one() -> None:
    for command in exfiltration.variants(exfiltration.HELD_OUT, 60):
        harmless = command
        for path in exfiltration.HELD_OUT.files:
            harmless = harmless.replace(path, "README.md")
        if harmless != command and "README.md" in harmless:
            paths = [f.taken for f in analyse_command(harmless).flows if f.sink is SinkKind.NETWORK]
            assert "README.md" not in paths
