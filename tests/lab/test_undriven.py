"""A release that cannot be driven is a report with one gap, never an exception and never a pass."""

from pathlib import Path

from clearance.app.vetting import COULD_NOT_VET, exit_code
from clearance.intake.acquire import Acquired
from clearance.lab.undriven import undriven
from clearance.model.finding import Gap
from clearance.model.ids import Digest
from clearance.model.profile import Profile, Source
from clearance.model.release import Release, SourceType
from clearance.model.vetting import VerdictWord, Vetting
from clearance.report.json import render_json


def vetting(gap: str) -> Vetting:
    profile = Profile(id="locked", title="Locked", source=Source(type=SourceType.NPM, name="locked"), gap=gap)
    release = Release(
        assistant="locked",
        title="Locked",
        version="1.0.0",
        platform="any",
        sha256=Digest("0" * 64),
        source=SourceType.NPM,
        artifacts=(),
    )
    acquired = Acquired(release=release, root=Path("/none"), package="", runtime=None, downloaded_bytes=5, files=())
    return undriven(profile, acquired, seed=1, created="2026-01-01T00:00:00+00:00", folder="/none")


def test_the_one_finding_is_a_gap_that_repeats_the_profiles_reason_and_blocks_the_verdict() -> None:
    found = vetting("it needs an account.")
    (gap,) = found.findings
    assert isinstance(gap, Gap)
    assert gap.message == "Locked could not be driven to the end: it needs an account."
    assert gap.blocks_verdict
    assert found.verdict is VerdictWord.INCOMPLETE


def test_it_ends_with_the_exit_code_for_could_not_vet() -> None:
    assert exit_code(vetting("it needs an account"), "high") == COULD_NOT_VET


def test_it_can_be_rendered_like_any_other() -> None:
    assert "it needs an account" in str(render_json(vetting("it needs an account")))
