"""Every rule on recorded facts: a case where it hits and one where it is clear, with the findings it must give.

``CLEARANCE_REGENERATE=1`` writes the expected findings anew; read the difference before you keep it.
"""

import os
from pathlib import Path

import msgspec
import pytest

from clearance.detect.rule import Rule
from clearance.detect.rules import ALL
from clearance.model.facts import Facts
from clearance.model.finding import Clear, Finding, Gap, Hit

HERE = Path(__file__).parent


def folder_of(rule: Rule) -> Path:
    return HERE / rule.judge.__module__.rpartition(".")[2]


def judged(rule: Rule, case: str) -> tuple[Finding, ...]:
    facts = msgspec.json.decode((folder_of(rule) / case / "facts.json").read_bytes(), type=Facts)
    return tuple(rule.judge(rule, facts))


@pytest.mark.parametrize("case", ["hit", "clear"])
@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_the_findings_are_those_that_were_agreed_on(rule: Rule, case: str) -> None:
    found = judged(rule, case)
    golden = folder_of(rule) / case / "findings.json"
    if os.environ.get("CLEARANCE_REGENERATE"):
        golden.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    assert found == msgspec.json.decode(golden.read_bytes(), type=tuple[Finding, ...])


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_rule_hits_its_hit_case_and_is_clear_on_its_clear_case(rule: Rule) -> None:
    seen = judged(rule, "hit")
    assert seen
    # What could not be looked at is never a hit: the rule about gaps "hits" with gaps.
    assert all(isinstance(f, Gap if rule.id == "could-not-look" else Hit) for f in seen)
    assert all(isinstance(f, Clear) for f in judged(rule, "clear"))
    assert judged(rule, "clear")


def test_no_fixture_folder_is_without_its_rule() -> None:
    assert {p.name for p in HERE.iterdir() if p.is_dir() and p.name != "__pycache__"} == {
        folder_of(r).name for r in ALL
    }
