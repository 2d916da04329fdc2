"""DNS over TCP (and, inside TLS, DNS over TLS): messages with a length before each."""

import struct

from clearance.lab.world.dns import Answered, answer_query
from clearance.lab.world.session import Leg, RawSession, Seen, Send, Step
from clearance.model.trace import BytesSeen, NameAsked


def names_asked(answered: Answered, *, at: float, transport: str, server: str) -> list[NameAsked]:
    """The events of one DNS message, one for each question."""
    return [
        NameAsked(
            at=at,
            name=asked.name_raw.lower(),
            name_raw=asked.name_raw,
            qtype=asked.qtype,
            transport=transport,
            server=server,
            answer=asked.answer,
        )
        for asked in answered.asked
    ]


class DnsTcpSession:
    """Answers questions; the first bytes that are none make the rest raw."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg
        self._held = bytearray()
        self._raw: RawSession | None = None

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes of the stream."""
        if self._raw:
            return self._raw.receive(data)
        self._held += data
        steps: list[Step] = []
        while len(self._held) >= 2 and self._raw is None:
            (size,) = struct.unpack_from(">H", self._held)
            if len(self._held) < 2 + size:
                break
            steps += self._message(bytes(self._held[2 : 2 + size]))
        return steps

    def end(self) -> list[Step]:
        """What was no whole message."""
        return [*self._break_raw(), *(self._raw.end() if self._raw else [])]

    def _message(self, message: bytes) -> list[Step]:
        leg, setting = self._leg, self._leg.setting
        answered = answer_query(message, setting.names)
        if answered is None:
            return self._break_raw()
        del self._held[: 2 + len(message)]
        at = setting.now()
        events = names_asked(answered, at=at, transport="tcp", server=leg.host)
        steps: list[Step] = [Seen(event) for event in events]
        if answered.surplus:
            steps.append(Seen(BytesSeen(at=at, conn=leg.conn, payload=message, secured=leg.secured)))
        return [*steps, Send(struct.pack(">H", len(answered.reply)) + answered.reply)]

    def _break_raw(self) -> list[Step]:
        self._raw = self._raw or RawSession(self._leg)
        held = bytes(self._held)
        self._held.clear()
        return self._raw.receive(held)
