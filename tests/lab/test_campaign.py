"""Campaigns: runs side by side with a journal, and the same analysis from the journal alone."""

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from synthetic import FACTORS, Said, SyntheticLab

from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.campaign import JournalLine, Lab, ReplayLab, RoomLab, read_journal
from clearance.lab.errors import LabError
from clearance.lab.experiment.design import baseline_levels, screening
from clearance.lab.reading import CampaignReader
from clearance.lab.run import RunRecord
from clearance.model.cell import Cell
from clearance.model.ids import Digest, RunId
from clearance.model.trace import TraceError

BASE = baseline_levels(FACTORS)


@dataclass
class Watched:
    """A watcher that remembers."""

    phases: list[tuple[str, int]] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)

    def phase(self, name: str, planned: int) -> None:
        self.phases.append((name, planned))

    def started(self, cell: Cell) -> None:
        self.begun.append(cell.run)

    def ended(self, record: RunRecord) -> None:
        self.over.append(record.cell.run)

    def note(self, text: str) -> None:
        raise AssertionError(text)


def marked(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
    """An agent with a marker, a condition and some noise."""
    mark = "\u2019" if levels["timezone"] == "Asia/Tokyo" else "'"
    body = {"system": f"Don{mark}t guess.\nId {chance.getrandbits(64):016x}.\n", "n": chance.randrange(100, 999)}
    said = [Said(body, purpose=f"model:turn-{n}") for n in (1, 2)]
    if levels["ci_env"] == "Jenkins":
        said.append(Said({}, host="ci.example", purpose="telemetry"))
    return said


def room_lab(folder: Path, *, jobs: int = 3, deadline: float | None = None, watcher: Watched | None = None) -> RoomLab:
    """The real lab, whose runs are a synthetic agent's: it writes the journal that rooms write."""
    (folder / "traces").mkdir(exist_ok=True)
    agents = SyntheticLab(marked, folder / "traces")

    async def run_one(cell: Cell) -> RunRecord:
        await asyncio.sleep(random.Random(cell.run).random() / 300)  # runs end in another order than they began
        digest = agents.record(cell).digest
        return RunRecord(
            cell=cell, trace=folder / "traces" / f"{cell.run}.trace", digest=digest, outcome="exited", detail="",
            wall_s=1.0, cpu_s=0.1,
        )  # fmt: skip

    return RoomLab(run_one, folder=folder, jobs=jobs, deadline=deadline, watcher=watcher or Watched())


async def analyse(lab: Lab, *, rows: int = 24) -> Analysed:
    experiment = Experiment(lab, FACTORS, CampaignReader(canaries=(), purposes={}))
    return await experiment.run(baseline_runs=5, cells=screening(FACTORS, rows=rows, seed=2))


def test_a_replay_finds_what_the_campaign_found(tmp_path: Path) -> None:
    live = asyncio.run(analyse(room_lab(tmp_path)))
    again = asyncio.run(analyse(ReplayLab(tmp_path, Watched())))
    assert len(live.channels) == 2
    assert again.channels == live.channels
    assert (again.baseline_runs, again.places, again.noisy, again.tests) == (
        live.baseline_runs,
        live.places,
        live.noisy,
        live.tests,
    )


def test_a_replay_runs_nothing_and_skips_nothing(tmp_path: Path) -> None:
    lab = room_lab(tmp_path)
    asyncio.run(analyse(lab))
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    replay = ReplayLab(tmp_path, Watched())
    asyncio.run(analyse(replay))
    assert replay.skipped == 0
    assert {r.cell.run for r in replay.records} == {r.cell.run for r in lab.records}
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_equal_cells_come_back_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    lines = [line(f"baseline-{n}") for n in (1000, 2, 999, 10)]
    (tmp_path / "campaign.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, lines)) + b"\n")
    found = asyncio.run(ReplayLab(tmp_path, Watched()).run("baseline", [BASE] * 5))
    assert [r.cell.run if r else None for r in found] == [
        "baseline-2",
        "baseline-10",
        "baseline-999",
        "baseline-1000",
        None,
    ]


def test_records_come_in_the_order_of_the_cells_and_the_journal_holds_them_all(tmp_path: Path) -> None:
    watcher = Watched()
    lab = room_lab(tmp_path, watcher=watcher)
    cells = screening(FACTORS, rows=12, seed=1)
    records = asyncio.run(lab.run("screen", cells))
    assert [r.cell.levels for r in records if r] == [dict(c) for c in cells]
    assert {entry.cell.run for entry in read_journal(tmp_path)} == {r.cell.run for r in records if r}
    assert watcher.phases == [("screen", len(cells))]
    assert sorted(watcher.begun) == sorted(watcher.over) == sorted(r.cell.run for r in records if r)


def test_runs_are_numbered_on_through_a_phase(tmp_path: Path) -> None:
    lab = room_lab(tmp_path)
    asyncio.run(lab.run("baseline", [BASE] * 2))
    asyncio.run(lab.run("baseline", [BASE] * 2))
    assert sorted(r.cell.run for r in lab.records) == [f"baseline-{n:03}" for n in (1, 2, 3, 4)]


def test_never_more_rooms_at_once_than_jobs(tmp_path: Path) -> None:
    now, most = 0, 0

    async def run_one(cell: Cell) -> RunRecord:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.001)
        now -= 1
        return RunRecord(
            cell=cell, trace=tmp_path / "t", digest=Digest(""), outcome="exited", detail="", wall_s=0, cpu_s=0
        )

    lab = RoomLab(run_one, folder=tmp_path, jobs=3, deadline=None, watcher=Watched())
    asyncio.run(lab.run("baseline", [BASE] * 12))
    assert most == 3


def test_no_run_is_started_after_the_deadline_and_each_is_counted(tmp_path: Path) -> None:
    lab = room_lab(tmp_path, deadline=time.monotonic() - 1)
    assert asyncio.run(lab.run("baseline", [BASE] * 4)) == [None] * 4
    assert lab.skipped == 4
    assert lab.records == []


def test_a_room_that_fails_ends_the_campaign_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    async def run_one(cell: Cell) -> RunRecord:
        if cell.run == "baseline-003":
            raise LabError("the disk is full")
        return RunRecord(
            cell=cell, trace=tmp_path / "t", digest=Digest(""), outcome="exited", detail="", wall_s=0, cpu_s=0
        )

    lab = RoomLab(run_one, folder=tmp_path, jobs=1, deadline=None, watcher=Watched())
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(lab.run("baseline", [BASE] * 5))
    assert caught.group_contains(LabError, match="disk")
    kept = {entry.cell.run for entry in read_journal(tmp_path)}
    assert {"baseline-001", "baseline-002"} <= kept
    assert "baseline-003" not in kept


def line(run: str) -> JournalLine:
    cell = Cell(run=RunId(run), phase="baseline", levels=dict(BASE))
    return JournalLine(
        cell=cell, trace=f"{run}.trace", digest=Digest("0"), outcome="exited", detail="", wall_s=0, cpu_s=0
    )


def test_a_line_that_a_kill_cut_short_is_left_out(tmp_path: Path) -> None:
    whole = msgspec.json.encode(line("baseline-001")) + b"\n"
    (tmp_path / "campaign.jsonl").write_bytes(whole + whole[:-20])
    assert len(read_journal(tmp_path)) == 1


@pytest.mark.parametrize("broken", [b"{}\n", b"\xff\xfe\n", b'{"cell": 1}\n'])
def test_a_line_that_is_no_run_is_told_by_its_number(tmp_path: Path, broken: bytes) -> None:
    whole = msgspec.json.encode(line("baseline-001")) + b"\n"
    (tmp_path / "campaign.jsonl").write_bytes(whole + broken + whole)
    with pytest.raises(LabError, match="line 2") as caught:
        read_journal(tmp_path)
    assert caught.value.advice


def test_a_folder_without_a_journal_is_told_with_advice(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="holds no campaign") as caught:
        read_journal(tmp_path)
    assert "campaign.jsonl" in caught.value.advice


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "a/../../b"])
def test_a_journal_names_no_file_outside_its_traces(tmp_path: Path, name: str) -> None:
    entry = json.loads(msgspec.json.encode(line("baseline-001")))
    (tmp_path / "campaign.jsonl").write_text(json.dumps({**entry, "trace": name}) + "\n")
    (tmp_path / "traces").mkdir()
    (record,) = asyncio.run(ReplayLab(tmp_path, Watched()).run("baseline", [BASE]))
    assert record is not None
    with pytest.raises(LabError, match="not there"):
        CampaignReader(canaries=(), purposes={}).read(record, {})


def test_a_trace_that_was_changed_is_refused(tmp_path: Path) -> None:
    lab = room_lab(tmp_path)
    asyncio.run(lab.run("baseline", [BASE]))
    trace = tmp_path / "traces" / "baseline-001.trace"
    trace.write_bytes(trace.read_bytes().replace(b"guess", b"gu3ss"))
    with pytest.raises(TraceError, match="not the trace it was"):
        asyncio.run(analyse(ReplayLab(tmp_path, Watched())))
