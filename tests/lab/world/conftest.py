"""A world on loopback sockets, and a simple answerer: real clients talk to it over real connections."""

import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from clearance.lab.sockets import RoomSockets
from clearance.lab.world.answer import Reply
from clearance.lab.world.authority import Authority
from clearance.lab.world.names import NameBook
from clearance.lab.world.session import Leg, Setting
from clearance.lab.world.world import World
from clearance.model.trace import Event, RequestSeen

E = TypeVar("E")


class Echo:
    """Answers with what it was asked; ``/stream`` comes in three pieces, ``/big`` is a megabyte."""

    def answer(self, request: RequestSeen) -> Reply:
        kind = ("Content-Type", "text/plain")
        if request.target.startswith("/stream"):
            return Reply(status=200, headers=(kind,), chunks=(b"one ", b"two ", b"three"), purpose="model:turn-1")
        if request.target.startswith("/big"):
            return Reply(status=200, headers=(kind,), chunks=(b"x" * 1_000_000,))
        if request.target.startswith("/none"):
            return Reply(status=204)
        if request.target.startswith("/wrong"):
            raise RuntimeError("the script is wrong")
        return Reply(status=200, headers=(kind,), chunks=(f"{request.method} {len(request.body)}".encode(),))

    def accepts_websocket(self, request: RequestSeen) -> bool:
        return request.target.startswith("/ws")

    def message(self, request: RequestSeen, payload: bytes, binary: bool) -> tuple[bytes, ...]:
        return (f"got {len(payload)}".encode(), b"bye" if binary else b"more")


@dataclass(frozen=True)
class Place:
    """A served world, where to reach it, and what it has seen."""

    world: World
    names: NameBook
    ca: Path
    tcp: tuple[str, int]
    dns: tuple[str, int]
    udp: tuple[str, int]
    events: list[Event]

    def seen(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def url(self) -> str:
        return f"https://localhost:{self.tcp[1]}"


Serve = Callable[..., AbstractAsyncContextManager[Place]]


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def setting(authority: Authority) -> Setting:
    return Setting(answerer=Echo(), authority=authority, names=NameBook(), now=lambda: 0.0, date=lambda: "")


@pytest.fixture
def leg(setting: Setting) -> Leg:
    return Leg(setting=setting, conn=1, address="34.64.0.9", port=443, name="api.example.com")


@pytest.fixture
def serve(authority: Authority, tmp_path: Path) -> Serve:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.pem)

    @contextlib.asynccontextmanager
    async def served(**options: object) -> AsyncIterator[Place]:
        sockets = RoomSockets(
            tcp=_bound(socket.SOCK_STREAM), dns=_bound(socket.SOCK_DGRAM), udp=_bound(socket.SOCK_DGRAM)
        )
        sockets.tcp.listen()
        started, events, names = time.monotonic(), [], NameBook()
        settings = {
            "traffic_limit": 1 << 26,
            "connections_limit": 2000,
            "answerer": Echo(),
            "sink": events.append,
            **options,
        }
        world = World(
            authority=authority,
            names=names,
            **{"now": lambda: time.monotonic() - started, **settings},
        )
        addresses = {kind: getattr(sockets, kind).getsockname()[:2] for kind in ("tcp", "dns", "udp")}
        await world.serve(sockets)
        try:
            yield Place(world=world, names=names, ca=ca, events=events, **addresses)
        finally:
            await world.close()

    return served


def _bound(kind: socket.SocketKind) -> socket.socket:
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind(("127.0.0.1", 0))
    return sock
