"""The line between a warden and the main process: length-prefixed frames, JSON upwards, file descriptors beside them.

Upwards (warden): ``ready`` with the three sockets, ``session`` before each start, ``ended`` with everything seen,
``failed`` when the room could not be built. Downwards (main): the plan, ``start``, ``go`` after each ``session``,
``kill``. The end of the line means the same as ``kill``.
"""

import json
import socket
import struct


class LineClosedError(Exception):
    """The other side is gone."""


class Line:
    """The warden's end, blocking."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def fileno(self) -> int:
        """For ``poll``."""
        return self._end.fileno()

    def send(self, message: dict[str, object], sockets: tuple[socket.socket, ...] = ()) -> None:
        """One frame; the sockets are duplicated to the other side."""
        body = json.dumps(message).encode()
        frame = struct.pack(">I", len(body)) + body
        try:
            sent = socket.send_fds(self._end, [frame], [s.fileno() for s in sockets]) if sockets else 0
            self._end.sendall(frame[sent:])
        except OSError as error:
            raise LineClosedError from error

    def receive(self) -> bytes:
        """One frame's body."""
        (size,) = struct.unpack(">I", self._exactly(4))
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            try:
                part = self._end.recv(min(size - len(parts), 1 << 20))
            except OSError as error:
                raise LineClosedError from error
            if not part:
                raise LineClosedError
            parts += part
        return bytes(parts)
