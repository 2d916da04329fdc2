"""What every protocol of the world has in common: bytes in, steps out, no sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from clearance.lab.world.answer import Answerer
from clearance.lab.world.authority import Authority
from clearance.lab.world.names import NameBook
from clearance.model.trace import BytesSeen, Event


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes for the client, as one write."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """Something happened that belongs in the trace."""

    event: Event


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing more will be sent. What the client still sends is received all the same."""


Step = Send | Seen | Close


class Session(Protocol):
    """A protocol as a state machine. How the network cuts the bytes never changes what is seen."""

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes from the client. Never raises for any bytes."""
        ...

    def end(self) -> list[Step]:
        """The client will send no more: gives what was still held back. A second call gives nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What sessions of one room share."""

    answerer: Answerer
    authority: Authority
    names: NameBook
    now: Callable[[], float]
    """Seconds since the run began."""
    date: Callable[[], str]
    """The ``Date`` header of this moment, in the room's staged time; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg of a connection: where the tool meant to go, and through what it came."""

    setting: Setting
    conn: int
    address: str
    port: int
    name: str = ""
    """The name that the tool asked for (DNS, proxy request or TLS), empty when it went by address."""
    secured: bool = False
    proxied: bool = False

    @property
    def host(self) -> str:
        """The name, or the address when there is none."""
        return self.name or self.address

    @property
    def scheme(self) -> str:
        """``https`` inside TLS, ``http`` outside."""
        return "https" if self.secured else "http"


Inside = Callable[[Leg], Session]
"""Begins whatever protocol is spoken inside another one."""

_PIECE = 1 << 16


class RawSession:
    """Keeps whatever comes, in pieces of 64 KiB that do not depend on how the network cut it. Answers nothing."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg
        self._held = bytearray()

    def receive(self, data: bytes) -> list[Step]:
        """Holds the bytes; gives whole pieces."""
        self._held += data
        steps: list[Step] = []
        while len(self._held) >= _PIECE:
            steps.append(self._piece(bytes(self._held[:_PIECE])))
            del self._held[:_PIECE]
        return steps

    def end(self) -> list[Step]:
        """The rest."""
        rest = bytes(self._held)
        self._held.clear()
        return [self._piece(rest)] if rest else []

    def _piece(self, payload: bytes) -> Seen:
        leg = self._leg
        return Seen(BytesSeen(at=leg.setting.now(), conn=leg.conn, payload=payload, secured=leg.secured))
