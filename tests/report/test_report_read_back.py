import pytest
import sample_vetting

from clearance.report.errors import ReportError
from clearance.report.json import render_json
from clearance.report.reading import read_report


@pytest.mark.parametrize("name", ["sample", "clear_sample", "hostile"])
def test_what_was_written_reads_back_and_is_written_alike(name):
    text = render_json(getattr(sample_vetting, name)()).encode()
    assert render_json(read_report(text)).encode() == text


def test_a_report_reads_back_as_the_vetting_it_was_written_from():
    assert read_report(render_json(sample_vetting.sample()).encode()) == sample_vetting.sample()


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[" * 50_000, b"\xff", render_json(sample_vetting.sample()).encode()[:900]]
)
def test_what_is_no_report_is_refused_with_advice(text):
    with pytest.raises(ReportError) as refused:
        read_report(text)
    assert "clearance replay" in refused.value.advice


def test_a_hit_without_evidence_is_no_report():
    text = render_json(sample_vetting.clear_sample()).replace('"kind": "clear"', '"kind": "hit"', 1)
    with pytest.raises(ReportError, match="without evidence"):
        read_report(text.encode())
