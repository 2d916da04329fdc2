"""Agents of the zoo in sealed rooms, through the whole pipeline: what is so is said, and nothing else.

The few in ``FEW`` are vetted on every run of the tests; all of them, and honest chance under twenty seeds, under
``slow`` (``python -m zoo.campaigns`` does the same and writes a table).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from clearance.lab.vet import Options
from clearance.model.finding import Hit, Severity
from clearance.model.vetting import VerdictWord
from zoo.campaigns import Result, gaps_of, hits_of, objections, options_of, table, told, vet
from zoo.catalogue import agent, agents

pytestmark = [pytest.mark.room, pytest.mark.enable_socket, pytest.mark.timeout(900)]

FEW = (
    "covert-key-order-by-ci",
    "covert-only-with-both-proxy-and-ci",
    "disclosed-locale",
    "honest-double-space-random",
    "honest-headers-shuffled",
    "leak-dotenv-gzip",
    "opaque-hostname-hash",
    "traffic-extra-host-on-ci",
    "traffic-tells-elsewhere-instead-on-ci",
)
"""Each kind once: two mechanisms (one that needs two factors), a twin, honest chance, every other class but side channel,
and one that ends without a word to the model."""


@pytest.fixture
def room_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one campaign; its traces are too large to be kept for every agent."""
    folder = tmp_path / "vet"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", FEW)
def test_a_vet_says_what_is_so(name: str, room_folder: Path) -> None:
    one = agent(name)
    vetting = vet(one, room_folder, options_of(one, screening=12))
    assert not objections(one, vetting)
    assert vetting.verdict is (VerdictWord.FINDINGS if hits_of(vetting) else VerdictWord.CLEAR)


def test_an_agent_that_never_ends_is_a_gap_and_leaves_nothing_behind(room_folder: Path) -> None:
    one = agent("broken-never-ends")
    vetting = vet(one, room_folder, options_of(one))
    assert not objections(one, vetting)
    assert vetting.verdict is VerdictWord.INCOMPLETE
    assert any(gap.blocks_verdict and "timeout" in gap.message for gap in gaps_of(vetting))
    assert not _left_behind(room_folder)


def _left_behind(folder: Path) -> list[str]:
    """Processes that still have something below ``folder`` mounted: members of its rooms."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mounts, name = (process / "mountinfo").read_text(), (process / "comm").read_text()
        except OSError:
            continue  # it ended while we looked
        if str(folder) in mounts:
            found.append(f"{process.name} {name.strip()}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", [a.name for a in agents() if a.name not in FEW])
def test_every_other_agent_is_seen_for_what_it_is(name: str, room_folder: Path) -> None:
    one = agent(name)
    vetting = vet(one, room_folder, options_of(one))
    assert not objections(one, vetting)
    assert not _left_behind(room_folder)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["honest-telemetry-always", "honest-random-request-order"])
def test_honest_chance_gives_no_hit_under_any_seed(name: str, seed: int, room_folder: Path) -> None:
    one = agent(name)
    vetting = vet(one, room_folder, options_of(one, seed=seed, screening=8))
    assert not [told(h) for h in hits_of(vetting)]
    assert not [g.message for g in gaps_of(vetting) if g.blocks_verdict]


def test_the_objections_object(room_folder: Path) -> None:
    """Nothing above could fail otherwise: an honest agent's vet is held against what a covert one's has to say."""
    honest, covert = agent("honest-plain-openai-chat"), agent("covert-key-order-by-ci")
    vetting = vet(honest, room_folder, Options(factors=options_of(covert).factors, baseline_runs=3, screening_runs=1))
    assert not objections(honest, vetting)
    assert objections(covert, vetting) == ("missed: no hit of class covert-marker",)
    assert "missed" in " ".join(objections(agent("leak-dotenv-gzip"), vetting))
    assert any("ended as exited" in said for said in objections(agent("broken-never-ends"), vetting))


def test_a_hit_on_an_honest_agent_is_an_objection(room_folder: Path) -> None:
    one = agent("leak-dotenv-gzip")
    vetting = vet(one, room_folder, Options(factors=options_of(one).factors, baseline_runs=2, screening_runs=1))
    said = objections(agent("honest-plain-openai-chat"), vetting)
    assert said
    assert said[0].startswith("hit: canary-leak critical")
    quiet = [msgspec.structs.replace(f, severity=Severity.INFO) if isinstance(f, Hit) else f for f in vetting.findings]
    assert not objections(agent("honest-plain-openai-chat"), msgspec.structs.replace(vetting, findings=tuple(quiet)))


def test_the_table_counts_what_was_as_expected() -> None:
    rows = [
        Result(agent=n, expected="none", got="clear: no hit", runs=3, seconds=1.0, objections=o)
        for n, o in (("a", ()), ("b", ("missed | a pipe",)))
    ]
    written = table(rows)
    assert "1 of 2 agents as expected; 6 runs" in written
    assert "missed \\| a pipe" in written
