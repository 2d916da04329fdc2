"""Comparisons and searches as JSON: the contracts ``clearance.compare/1`` and ``clearance.bisect/1``."""

import msgspec

from clearance.model.comparison import Bisection, ReleaseComparison
from clearance.report.json import open_for_readers
from clearance.report.portable import portable_json


class CompareReport(
    ReleaseComparison,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="schema",
    tag="clearance.compare/1",
):
    """Two releases side by side."""


class BisectReport(
    Bisection, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="schema", tag="clearance.bisect/1"
):
    """The search for the releases that changed."""


def render_compare_json(comparison: ReleaseComparison) -> str:
    """``clearance.compare/1``: ASCII, every key is there, the same comparison gives the same bytes."""
    return portable_json(CompareReport(**msgspec.structs.asdict(comparison)))


def render_bisect_json(bisection: Bisection) -> str:
    """``clearance.bisect/1``, likewise."""
    return portable_json(BisectReport(**msgspec.structs.asdict(bisection)))


def render_compare_schema() -> str:
    """The JSON Schema (2020-12) of ``clearance.compare/1``, as text."""
    return _schema(CompareReport, "clearance.compare/1")


def render_bisect_schema() -> str:
    """The JSON Schema (2020-12) of ``clearance.bisect/1``, as text."""
    return _schema(BisectReport, "clearance.bisect/1")


def _schema(report: type[msgspec.Struct], title: str) -> str:
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return portable_json({**named, **open_for_readers(msgspec.json.schema(report))})
