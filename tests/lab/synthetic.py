"""A lab without rooms: agents as functions from levels and chance to requests, traces as real files.

It implements the same protocol as the lab with rooms, so that the whole analysis runs on what it writes.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearance.lab.recorder import write_trace
from clearance.lab.run import RunRecord
from clearance.lab.staging import Factor, Level
from clearance.model.cell import Cell
from clearance.model.ids import FactorName, LevelName, RunId
from clearance.model.trace import (
    ConnectionOpened,
    Event,
    Http2Way,
    NameAsked,
    RequestSeen,
    ResponseSent,
    RunEnded,
    RunStarted,
    SessionStarted,
)

NOW = 1795000000.0


@dataclass
class Said:
    """One request of a synthetic agent."""

    body: object
    headers: Sequence[tuple[str, str]] = (("Content-Type", "application/json"),)
    host: str = "api.vendor.example"
    path: str = "/v1/messages"
    purpose: str = "model:turn-1"
    pause: float = 0.05
    raw: bytes | None = None
    scheme: str = "https"
    port: int = 443
    to: str = ""
    """Name that the connection goes to; empty: the host."""
    authority: str = ""
    """What the Host header says; empty: the host."""
    target: str = ""
    """Target as sent; empty: the path."""
    method: str = "POST"
    version: str = "1.1"
    http2: Http2Way | None = None


Agent = Callable[[Mapping[str, str], random.Random, int], Sequence[Said]]
"""Levels, chance and session number to requests."""


def factor(name: str, *levels: str, baseline: str = "usual") -> Factor:
    """A factor whose levels state themselves by their own name."""
    return Factor(
        name=FactorName(name),
        why="A synthetic factor.",
        baseline=Level(name=LevelName(baseline), stage=lambda s: s, renderings=(baseline,)),
        levels=tuple(Level(name=LevelName(lv), stage=lambda s: s, renderings=(lv,)) for lv in levels),
    )


FACTORS = (
    factor("timezone", "Asia/Tokyo", "Europe/Berlin", "America/Lima", "Africa/Lagos", baseline="America/New_York"),
    factor("base_url", "gw.north.example", "gw.south.example", "llm.east.example", baseline="vendor"),
    factor("locale", "ja_JP.UTF-8", "de_DE.UTF-8", baseline="en_US.UTF-8"),
    factor("hostname", "build-77", "quant-desk-3", baseline="devbox-01"),
    factor("username", "mtanaka", "alice.kim", baseline="devuser"),
    factor("ci_env", "GitHub Actions", "Jenkins", baseline="none at all"),
    factor("session", "second session", baseline="one session"),
)


@dataclass
class SyntheticLab:
    """Runs an agent in no room at all; everything follows from the seed."""

    agent: Agent
    folder: Path
    seed: int = 0
    skipped: int = 0
    records: list[RunRecord] = field(default_factory=list)
    count: int = 0
    outcome: Callable[[Mapping[str, str], random.Random], str] = lambda levels, chance: "exited"
    """How a run ends; what does not end by itself says nothing."""

    async def run(self, phase: str, cells: Sequence[Mapping[FactorName, LevelName]]) -> list[RunRecord | None]:
        return [self._one(phase, levels) for levels in cells]

    def _one(self, phase: str, levels: Mapping[FactorName, LevelName]) -> RunRecord:
        return self.record(Cell(run=RunId(f"{phase}-{self.count + 1:03d}"), phase=phase, levels=dict(levels)))

    def record(self, cell: Cell) -> RunRecord:
        """The trace of one cell on disk."""
        self.count += 1
        chance = random.Random(f"{self.seed}/{self.count}")
        path = self.folder / f"{cell.run}.trace"
        outcome = self.outcome(cell.levels, chance)
        digest = write_trace(path, self._events(cell, chance, outcome))
        record = RunRecord(cell=cell, trace=path, digest=digest, outcome=outcome, detail="", wall_s=1.0, cpu_s=0.1)
        self.records.append(record)
        return record

    def _events(self, cell: Cell, chance: random.Random, outcome: str) -> list[Event]:
        at = 0.0
        hosts = ("api.vendor.example",)
        events: list[Event] = [
            RunStarted(
                at=0,
                cell=cell,
                argv=("agent",),
                wall_clock=NOW + self.count * 30,
                api_hosts=hosts,
                api_url=f"https://{hosts[0]}",
            )
        ]
        sessions = 2 if cell.levels.get(FactorName("session")) == "second session" else 1
        conn = 0
        for session in range(1, sessions + 1):
            events.append(SessionStarted(at=at, number=session))
            for said in self.agent(cell.levels, chance, session) if outcome == "exited" else ():
                conn += 1
                at += said.pause + chance.random() * 0.02
                name = said.to or said.host
                events.append(
                    NameAsked(at=at, name=name, name_raw=name, qtype="A", transport="udp", server="10.0.0.53")
                )
                events.append(ConnectionOpened(at=at, conn=conn, address="10.9.8.7", port=said.port, name=name))
                events.append(_request(said, conn, at))
                at += 0.01
                events.append(ResponseSent(at=at, conn=conn, stream=1, status=200, size=10, purpose=said.purpose))
        events.append(RunEnded(at=at, outcome=outcome, exit_code=0, wall_s=at, cpu_s=0.1, peak_rss_mb=10))
        return events


def _request(said: Said, conn: int, at: float) -> RequestSeen:
    body = said.raw if said.raw is not None else json.dumps(said.body, ensure_ascii=False).encode()
    headers = tuple((n.encode(), v.encode()) for n, v in (("Host", said.authority or said.host), *said.headers))
    line = f"{said.method} {said.target or said.path} HTTP/{said.version}\r\n".encode()
    head = line + b"".join(n + b": " + v + b"\r\n" for n, v in headers) + b"\r\n"
    return RequestSeen(
        at=at,
        conn=conn,
        stream=1,
        scheme=said.scheme,
        host=(said.authority or said.host).partition(":")[0].lower(),
        port=said.port,
        method=said.method,
        target=said.path,
        version=said.version,
        headers=headers,
        head=head if said.version != "2" else b"",
        body=body,
        http2=said.http2,
    )
