"""What a vetting's report establishes: a hit that a condition speaks of fails it, a gap is never a pass."""

import msgspec
import pytest

from clearance.model.knowledge import Established
from clearance.policy.vetted import CONDITIONS, VettingReport, established, strictest

LEAK = {"kind": "hit", "severity": "critical", "covert": False, "class": "canary-leak"}
COVERT = {"kind": "hit", "severity": "high", "covert": True, "class": "covert-marker"}
OPEN = {"kind": "hit", "severity": "info", "covert": False, "class": "disclosed"}
GAP = {"kind": "gap", "severity": None}


def shown(verdict: str, *findings: dict[str, object]) -> dict[str, bool]:
    raw = {
        "target": {"assistant": "a", "version": "1"},
        "created": "2026-07-01T00:00:00+00:00",
        "verdict": verdict,
        "findings": findings,
    }
    report = msgspec.json.decode(msgspec.json.encode(raw), type=VettingReport)
    return {fact.condition: fact.holds for fact in established(report, "digest")}


@pytest.mark.parametrize(
    ("finding", "failed", "held"),
    [
        (LEAK, ("vet:no canary hit", "vet:no canary hit at or above critical"), ("vet:no covert hit",)),
        (COVERT, ("vet:no covert hit", "vet:no hit at or above high"), ("vet:no canary hit",)),
        (OPEN, (), ("vet:no hit", "vet:no covert hit")),
    ],
)
def test_a_hit_fails_the_conditions_that_speak_of_it(
    finding: dict[str, object], failed: tuple[str, ...], held: tuple[str, ...]
) -> None:
    found = shown("findings", finding)
    assert [found[each] for each in failed] == [False] * len(failed)
    assert [found[each] for each in held] == [True] * len(held)


def test_a_hit_below_the_level_does_not_count() -> None:
    assert shown("findings", COVERT)["vet:no covert hit at or above critical"]
    assert not shown("findings", COVERT)["vet:no covert hit at or above high"]


def test_an_incomplete_vetting_establishes_no_absence() -> None:
    assert shown("incomplete", GAP) == {"vet:verdict clear": False, "vet:no gap": False}
    assert not shown("incomplete", GAP, COVERT)["vet:no covert hit"]


def test_a_clear_vetting_meets_every_condition() -> None:
    assert shown("clear") == dict.fromkeys(CONDITIONS, True)


def test_what_fails_anywhere_fails() -> None:
    good, bad = (Established(condition="c", holds=holds, tool="t", version="1") for holds in (True, False))
    assert strictest([good, bad]) == strictest([bad, good]) == (bad,)
