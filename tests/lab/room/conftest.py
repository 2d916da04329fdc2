"""Running one command in one room, as the tests say it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearance.lab.room.keeper import Keeper
from clearance.lab.room.room import RoomOutcome
from clearance.lab.staging import Limits, Staging

ENV = {"HOME": "/home/dev", "PATH": "/usr/local/bin:/usr/bin:/bin"}


@pytest.fixture
def staged() -> Callable[..., Staging]:
    def build(*command: str, env: dict[str, str] | None = None, **changes: Any) -> Staging:
        changes.setdefault("limits", Limits(wall_s=20.0, memory_mb=512, disk_mb=64))
        return Staging(command=command, env={**ENV, **(env or {})}, **changes)

    return build


@pytest.fixture
def run_room(tmp_path: Path, staged: Callable[..., Staging]) -> Callable[..., RoomOutcome]:
    """The outcome of a command in a room; keywords go to ``Staging``, ``trace`` and ``on_session`` to the keeper."""

    def run(*command: str, trace: bool = False, on_session: Any = None, **changes: Any) -> RoomOutcome:
        async def live() -> RoomOutcome:
            async with Keeper() as keeper:
                room = await keeper.open_room(
                    staged(*command, **changes), work=tmp_path, trace=trace, on_session=on_session
                )
                await room.start()
                outcome = await room.wait()
                for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
                    held.close()
                return outcome

        return asyncio.run(live())

    return run
