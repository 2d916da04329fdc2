"""The main process's end of the line to a warden (``warden.line`` has the other end and the words)."""

import asyncio
import json
import socket
import struct
from typing import Any

from clearance.lab.errors import RoomUnavailable

_MOST = 64 << 20


class ChannelClosedError(Exception):
    """The warden is gone."""


class Channel:
    """Frames over a non-blocking socket; one reader at a time."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)  # noqa: FBT003
        self._end = end
        self._buffer = bytearray()
        self.handed: list[socket.socket] = []
        """Sockets that came beside frames, in order."""

    async def send(self, body: bytes) -> None:
        """One frame. Raises ChannelClosedError."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._end, struct.pack(">I", len(body)) + body)
        except OSError as error:
            raise ChannelClosedError from error

    async def receive(self) -> dict[str, Any]:
        """The next message. Raises ChannelClosedError."""
        await self._fill(4)
        (size,) = struct.unpack_from(">I", self._buffer)
        if size > _MOST:
            raise RoomUnavailable(f"a room's warden sent {size} bytes", advice="This is a fault of the lab.")
        await self._fill(4 + size)
        message: dict[str, Any] = json.loads(self._buffer[4 : 4 + size])
        del self._buffer[: 4 + size]
        return message

    async def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            data = self._read()
            if data is None:
                await self._readable()
            elif not data:
                raise ChannelClosedError
            else:
                self._buffer += data

    def _read(self) -> bytes | None:
        """What is there; None when nothing is, empty at the end."""
        try:
            data, handles, _, _ = socket.recv_fds(self._end, 1 << 16, 8)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""
        self.handed += [socket.socket(fileno=handle) for handle in handles]
        return data

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._end, _wake, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._end)

    def close(self) -> None:
        """The warden reads this as ``kill``."""
        self._end.close()


def _wake(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
