import re
import tomllib
from importlib import resources

from clearance.detect.contents import ALL as CONTENT_RULES
from clearance.detect.rules import ALL as RULES
from clearance.detect.texts import ALL as TEXT_RULES
from clearance.model.ids import RuleId
from clearance.report.oscal.controls import NIST, bearings, controls_of, mapped_rules

ALL = tuple(rule.id for rule in (*RULES, *CONTENT_RULES, *TEXT_RULES))
NUMBERS = {
    "nist-800-53": r"[a-z]{2}-\d+",
    "iso-42001": r"\d+\.\d+|A\.\d+(\.\d+){1,2}",
    "eu-ai-act": r"Article \d+",
    "eu-dora": r"Article \d+",
    "mas-trm": r"\d+\.\d+",
    "hkma-tm-g-1": r"\d+\.\d+",
}


def table():
    return tomllib.loads(resources.files("clearance.report.oscal").joinpath("controls.toml").read_text())


def test_every_rule_is_mapped_and_nothing_else_is():
    assert mapped_rules() == set(ALL)


def test_a_rule_belongs_to_one_concern():
    named = [rule for concern in table()["concern"] for rule in concern["rules"]]
    assert len(named) == len(set(named))


def test_every_rule_bears_on_controls_of_nist_iso_and_a_financial_supervisor():
    for rule in ALL:
        frameworks = {bearing.control.framework for bearing in bearings(rule)}
        assert {NIST, "iso-42001", "mas-trm", "hkma-tm-g-1"} <= frameworks, rule


def test_every_row_says_why_in_a_sentence_and_names_a_known_control():
    for rule in ALL:
        for bearing in bearings(rule):
            assert re.fullmatch(r"[A-Z].{15,}\.", bearing.why), (rule, bearing)
            assert bearing.control.title
            assert bearing.control.source.startswith("https://")


def test_numbers_are_written_as_their_framework_writes_them():
    for name, framework in table()["framework"].items():
        assert all(re.fullmatch(NUMBERS[name], number) for number in framework["items"]), name


def test_every_control_in_the_table_is_used():
    used = {bearing.control.id for rule in ALL for bearing in bearings(rule)}
    listed = {f"{name}:{number}" for name, f in table()["framework"].items() for number in f["items"]}
    assert used == listed


def test_a_rule_that_nobody_mapped_still_bears_on_what_every_rule_does():
    assert [b.control.id for b in bearings(RuleId("from-a-later-version"))] == ["nist-800-53:ca-7", "nist-800-53:sa-4"]


def test_controls_of_nothing_are_none():
    assert controls_of(()) == ()
