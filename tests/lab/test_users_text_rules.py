"""Rules of the user judge texts: every place is a hit with its bytes, and rules that cannot be used are refused."""

from pathlib import Path

import pytest

from clearance.lab.errors import LabError
from clearance.lab.text_rules import MOST_HITS, TextRules
from clearance.model.finding import Gap, Hit, Severity
from clearance.model.threat import SpanChannel, ThreatKind

RULE = """
rule names_the_project {
  meta:
    description = "The project's name is not for outsiders."
    severity = "high"
  strings:
    $name = "Falcon"
    $old = /falke-[0-9]{2}/
  condition:
    any of them
}
"""


def rules(tmp_path: Path, text: str) -> TextRules:
    path = tmp_path / "ours.yar"
    path.write_text(text, encoding="utf-8")
    return TextRules([tmp_path])


def test_each_place_is_a_hit_with_its_bytes(tmp_path: Path) -> None:
    data = "Über Falcon, früher falke-07.".encode()
    first, second = rules(tmp_path, RULE).judge(data, SpanChannel.SKILL)
    assert isinstance(first, Hit)
    assert isinstance(second, Hit)
    assert first.span is not None
    assert second.span is not None
    assert data[first.span.start : first.span.end] == b"Falcon"
    assert data[second.span.start : second.span.end] == b"falke-07"
    assert (first.rule, first.severity, first.span.threat) == ("names_the_project", Severity.HIGH, ThreatKind.USER_RULE)
    assert first.message == "The project's name is not for outsiders."


def test_a_rule_without_patterns_is_about_the_whole_text(tmp_path: Path) -> None:
    (hit,) = rules(tmp_path, "rule long { condition: filesize > 3 }").judge(b"four", SpanChannel.SKILL)
    assert isinstance(hit, Hit)
    assert hit.span is not None
    assert (hit.span.start, hit.span.end) == (0, 4)


def test_nothing_matches_is_nothing_found(tmp_path: Path) -> None:
    assert rules(tmp_path, RULE).judge(b"a falcon", SpanChannel.SKILL) == ()


def test_places_that_are_not_told_are_a_gap(tmp_path: Path) -> None:
    *hits, gap = rules(tmp_path, RULE).judge(b"Falcon " * (MOST_HITS + 7), SpanChannel.SKILL)
    assert len(hits) == MOST_HITS
    assert isinstance(gap, Gap)
    assert gap.message.startswith("7 more places")


def test_rules_that_run_out_of_time_are_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearance.lab.text_rules.SECONDS", 1)
    slow = "rule slow { condition: for all i in (0..100000000000) : (uint8(i % filesize) < 256) }"
    (gap,) = rules(tmp_path, slow).judge(b"text", SpanChannel.SKILL)
    assert isinstance(gap, Gap)
    assert "within 1 s" in gap.message


def test_a_wrong_rule_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"ours\.yar:3:"):
        rules(tmp_path, 'rule a {\n  strings: $a = "x"\n  condition: $b\n}')


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no rules"):
        TextRules([tmp_path])
