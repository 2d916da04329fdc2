"""Real releases from the real registry, vetted end to end. Nothing of them is in the repository."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from clearance.intake.acquire import Acquired
from clearance.intake.profiles import find_profile
from clearance.lab.campaign import Watcher
from clearance.lab.run import RunRecord
from clearance.lab.vet import Campaign, Options, replay
from clearance.model.cell import Cell
from clearance.model.finding import ChannelClass, Gap, Hit
from clearance.model.ids import FactorName
from clearance.model.vetting import Vetting

pytestmark = [pytest.mark.network, pytest.mark.room, pytest.mark.enable_socket, pytest.mark.timeout(1500)]


class Silent(Watcher):
    """Nobody looks on."""

    def phase(self, name: str, planned: int) -> None: ...
    def started(self, cell: Cell) -> None: ...
    def ended(self, record: RunRecord) -> None: ...
    def note(self, text: str) -> None: ...


def vet(acquired: Acquired, folder: Path, *, factors: Sequence[str] = (), screening: int = 40) -> Vetting:
    options = Options(factors=tuple(FactorName(f) for f in factors), screening_runs=screening)
    profile = find_profile(acquired.release.assistant)
    return asyncio.run(Campaign(profile, acquired, options, folder=folder, watcher=Silent()).run())


def covert(vetting: Vetting) -> tuple[Hit, ...]:
    return tuple(f for f in vetting.findings if isinstance(f, Hit) and f.covert)


def test_a_release_with_a_marker_is_told_by_its_behaviour(fetch, tmp_path: Path) -> None:
    vetting = vet(fetch("claude-code", "2.1.112"), tmp_path, factors=("timezone", "base_url"), screening=32)
    hits = covert(vetting)
    assert {f for hit in hits for f in hit.factors} == {"timezone", "base_url"}
    named = [name for hit in hits for e in hit.because for name in e.differences]
    assert any("U+" in name and "→" in name for name in named), named
    assert any("date separator" in name for name in named), named
    assert all(hit.trigger and hit.p_value is not None and hit.p_value <= 0.01 for hit in hits)
    assert any("timezone" in hit.trigger for hit in hits)
    assert sum(r.requests >= 4 for r in vetting.runs) > len(vetting.runs) / 2


@pytest.mark.slow
def test_a_replay_of_a_real_campaign_says_the_same(fetch, tmp_path: Path) -> None:
    vetting = vet(fetch("claude-code", "2.1.112"), tmp_path, factors=("timezone",), screening=8)
    assert asyncio.run(replay(tmp_path, Silent())).findings == vetting.findings


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.1.90", None])
def test_a_release_without_a_marker_has_no_covert_hit(fetch, tmp_path: Path, version: str | None) -> None:
    vetting = vet(fetch("claude-code", version), tmp_path)
    assert covert(vetting) == ()
    assert not [f for f in vetting.findings if isinstance(f, Gap) and f.blocks_verdict]
    assert len(vetting.runs) >= 48
    assert vetting.stats.factors >= 12
    assert ChannelClass.CANARY_LEAK not in {f.channel for f in vetting.findings if isinstance(f, Hit)}
