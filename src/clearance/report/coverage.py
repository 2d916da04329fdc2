"""The coverage report of a compilation as Markdown and JSON (``clearance.coverage/1``)."""

from collections.abc import Sequence

import msgspec

from clearance.model.coverage import CoverageLine, CoverageReport
from clearance.report.json import open_for_readers
from clearance.report.portable import portable_json

COVERAGE_SCHEMA_ID = "clearance.coverage/1"
_SIGN = {"enforced": "enforced", "partly": "**partly**", "cannot": "**cannot**"}


def render_coverage_json(report: CoverageReport) -> str:
    """``coverage.json``: ASCII, indented, every key is there."""
    return portable_json(report)


def render_coverage_schema() -> str:
    """The published JSON Schema of ``coverage.json``."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": COVERAGE_SCHEMA_ID}
    return portable_json({**named, **open_for_readers(msgspec.json.schema(CoverageReport))})


def render_coverage_markdown(report: CoverageReport) -> str:
    """``COVERAGE.md``: for each target what is enforced, partly, and not, then where each file belongs."""
    parts = [_head(report)]
    for target in dict.fromkeys(line.target for line in report.lines):
        own = [line for line in report.lines if line.target == target]
        parts.append(f"## {target}\n\nTried: {_cell(report.tried.get(target, 'not'))}.\n\n{_table(own)}")
    parts.append(f"## Files\n\n{_files(report)}")
    return "\n\n".join(parts) + "\n"


def _head(report: CoverageReport) -> str:
    who = report.audience or "everybody"
    until = f" The signed bundle expires at {report.bundle_expires}." if report.bundle_expires else ""
    counts = f"{report.enforced} clauses enforced, {report.partly} partly, {report.cannot} cannot be enforced."
    notes = "".join(f"\n- {_cell(note)}" for note in report.notes)
    text = f"# Coverage\n\nCompiled by {report.tool} at {report.compiled_at} for {_cell(who)}.{until}\n\n{counts}"
    return text + (f"\n{notes}" if notes else "")


def _table(lines: Sequence[CoverageLine]) -> str:
    rows = ["| ruling | asked | how | by | why |", "| --- | --- | --- | --- | --- |"]
    for line in lines:
        number = f"{line.ruling}" + (f" ({', '.join(line.decisions)})" if line.decisions else "")
        cells = (number, line.asked, "", line.by, line.why)
        texts = [_cell(cell) for cell in cells]
        texts[2] = _SIGN[line.how]
        rows.append(f"| {' | '.join(texts)} |")
    return "\n".join(rows)


def _files(report: CoverageReport) -> str:
    rows = ["| file | mode | on a device |", "| --- | --- | --- |"]
    for file in report.files:
        places = "; ".join(f"{platform}: `{path}`" for platform, path in file.on_devices.items())
        rows.append(f"| `{file.path}` | {file.mode} | {places or 'see docs/compiling.md'} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
