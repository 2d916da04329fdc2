"""Compiling a case, and starting a real assistant in a sealed room with what was compiled for it."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearance.intake.profiles import find_profile
from clearance.lab.expand import expansion, vendor_base_url
from clearance.lab.recorder import read_trace
from clearance.lab.room.keeper import Keeper
from clearance.lab.run import host_of_url, run_cell
from clearance.lab.staging import SeedFile
from clearance.lab.world.authority import Authority
from clearance.lab.world.script import Conversation, Place
from clearance.model.cell import Cell
from clearance.model.ids import RunId
from clearance.model.ruling import Ruling
from clearance.model.trace import MessageSeen, RequestSeen, ResponseSent, RunEnded
from clearance.policy.compile import ALL
from clearance.policy.compile.helper_bundle import helper_files, payload, sealed
from clearance.policy.compile.target import Compiled, CompiledFile, Context, CoverageRow, Platform

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What was compiled for one tool, helper and bundle included."""

    files: tuple[CompiledFile, ...]
    coverage: tuple[CoverageRow, ...]

    def on_linux(self) -> dict[str, SeedFile]:
        return {
            f.paths[Platform.LINUX]: SeedFile(content=f.content, mode=f.mode)
            for f in self.files
            if Platform.LINUX in f.paths
        }

    def how(self, kind: str) -> str:
        (row,) = {r.how.value for r in self.coverage if r.clause.kind.value == kind}
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a real assistant ended, and what it sent."""

    code: int | None
    said: str
    turns: int
    """Prompts that went to a model."""
    hosts: frozenset[str]
    bodies: tuple[bytes, ...]
    """Of requests to a model."""


@pytest.fixture(scope="session")
def target_named():
    return {target.id: target for target in ALL}


@pytest.fixture(scope="session")
def compiled(target_named) -> Callable[..., Policy]:
    def build(
        target: str, *rulings: Ruling, helper: bool = True, now: dt.datetime | None = None, days: float = 7
    ) -> Policy:
        at = now or dt.datetime.now(tz=dt.UTC)
        key = KEY.public_key().public_bytes_raw().hex() if helper else ""
        context = Context(now=at, helper_key=key, version="test")
        done: Compiled = target_named[target].compile(rulings, context)
        files = done.files
        if helper:
            bundle = sealed(payload(rulings, now=at, expires=at + dt.timedelta(days=days)), KEY.sign)
            files = (*files, *helper_files(context, bundle))
        return Policy(files=files, coverage=done.coverage)

    return build


@pytest.fixture
def start(fetch, tmp_path: Path) -> Callable[..., Seen]:
    """``start(name, files)``: the release in a sealed room with these files, through one conversation."""

    def run(
        name: str,
        files: Mapping[str, SeedFile],
        *,
        version: str | None = None,
        extra: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
        **changes: object,
    ) -> Seen:
        profile = find_profile(name)
        assert profile.run is not None
        got = fetch(name, version)
        staged = expansion(
            profile,
            root=got.root,
            package=got.package,
            runtime=got.runtime,
            prompt="Read the README and say what it is about.",
            api_key="sk-test-0123456789abcdef",
        ).begin()
        staged = staged.with_files({f"{staged.project}/README.md": SeedFile(content=b"A project.\n"), **files})
        changes.setdefault("command", (*staged.command, *extra))
        staged = dataclasses.replace(staged.with_env(**(env or {})), **changes)
        vendor = vendor_base_url(profile.run)

        async def live():
            async with Keeper() as keeper:
                return await run_cell(
                    Cell(run=RunId("policy"), phase="baseline", levels={}),
                    staged,
                    keeper=keeper,
                    authority=Authority(),
                    answerer=Conversation(place=Place(project=staged.project)),
                    api_hosts=(host_of_url(vendor),),
                    api_url=vendor,
                    work=tmp_path,
                    traces=tmp_path,
                    record=False,
                )

        return seen(asyncio.run(live()).trace)

    return run


def seen(trace: Path) -> Seen:
    events = list(read_trace(trace))
    (ended,) = [e for e in events if isinstance(e, RunEnded)]
    requests = [e for e in events if isinstance(e, RequestSeen)]
    turns = [e for e in events if isinstance(e, ResponseSent) and e.purpose.startswith("model:turn")]
    asked = [e.payload for e in events if isinstance(e, MessageSeen) and b'"response.create"' in e.payload]
    return Seen(
        code=ended.exit_code,
        said=ended.stdout_tail + ended.stderr_tail,
        turns=len(turns) + len([m for m in asked if b"Read the README" in m]),
        hosts=frozenset(e.host for e in requests),
        bodies=(*(e.body for e in requests if e.body), *asked),
    )
