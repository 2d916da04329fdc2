"""UDP of one room: DNS is answered from the address that was asked, everything else is recorded."""

import asyncio
import contextlib
import socket
import struct
from typing import Any

from clearance.lab.world.dns import answer_query
from clearance.lab.world.dnstcp import names_asked
from clearance.lab.world.link import plain_address
from clearance.lab.world.meter import Meter
from clearance.lab.world.session import Setting
from clearance.model.trace import DatagramSeen

_MOST_AT_ONCE = 64
_PACKET, _CONTROL = 1 << 16, 512
# Numbers of linux/in.h and linux/in6.h that Python's socket module does not know.
_IP_PKTINFO, _IP_ORIGDSTADDR = 8, 20
_IPV6_RECVPKTINFO, _IPV6_PKTINFO, _IPV6_ORIGDSTADDR = 49, 50, 74

Control = list[tuple[int, int, bytes]]


class Datagrams:
    """The two UDP sockets of a room, read from the loop without threads."""

    def __init__(self, dns: socket.socket, udp: socket.socket, *, setting: Setting, meter: Meter) -> None:
        self._dns, self._udp = dns, udp
        self._setting, self._meter = setting, meter
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begins to read."""
        self._loop = loop
        _ask_for(self._dns, (_IP_PKTINFO,), (_IPV6_RECVPKTINFO,))
        _ask_for(self._udp, (_IP_ORIGDSTADDR,), (_IPV6_ORIGDSTADDR,))
        for sock in (self._dns, self._udp):
            sock.settimeout(0)
        loop.add_reader(self._dns, self._drain, self._dns)
        loop.add_reader(self._udp, self._drain, self._udp)

    def close(self) -> None:
        """Reads what has already arrived, then stops and closes the sockets."""
        for sock in (self._dns, self._udp):
            if self._loop:
                self._drain(sock)
                self._loop.remove_reader(sock)
            sock.close()

    def _drain(self, sock: socket.socket) -> None:
        for _ in range(_MOST_AT_ONCE):
            try:
                data, control, _, sender = sock.recvmsg(_PACKET, _CONTROL)
            except OSError:  # nothing more, or an ICMP error that a reply provoked
                return
            if not self._meter.count(len(data)):
                continue
            try:
                if sock is self._dns:
                    self._on_dns(data, control, sender)
                else:
                    self._on_other(data, control)
            except Exception as error:  # noqa: BLE001 - kept and raised by World.close
                self._meter.failed(error)

    def _on_dns(self, data: bytes, control: Control, sender: Any) -> None:
        server, back = _asked_address(control)
        server = server or plain_address(self._dns.getsockname()[0])
        answered = answer_query(data, self._setting.names)
        if answered is None or answered.surplus:
            self._record_other(data, server, 53)
        if answered is None:
            return
        for event in names_asked(answered, at=self._setting.now(), transport="udp", server=server):
            self._meter.record(event)
        with contextlib.suppress(OSError):  # the asker is gone, or its buffer is full: it will ask again
            self._dns.sendmsg([answered.reply], back, 0, sender)

    def _on_other(self, data: bytes, control: Control) -> None:
        address, port = _original_destination(control) or self._udp.getsockname()[:2]
        self._record_other(data, plain_address(address), port)

    def _record_other(self, data: bytes, address: str, port: int) -> None:
        name = self._setting.names.name_of(address)
        event = DatagramSeen(at=self._setting.now(), address=address, port=port, name=name, payload=data)
        self._meter.record(event)


def _ask_for(sock: socket.socket, v4: tuple[int, ...], v6: tuple[int, ...]) -> None:
    """Switches control messages on; a socket that cannot give them is still read."""
    for option in v4:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_IP, option, 1)
    if sock.family == socket.AF_INET6:
        for option in v6:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_IPV6, option, 1)


def _asked_address(control: Control) -> tuple[str, Control]:
    """The address a packet was sent to, and the control message that answers from it."""
    for level, kind, data in control:
        if (level, kind) == (socket.IPPROTO_IPV6, _IPV6_PKTINFO) and len(data) >= 20:
            # Interface 0: the route decides. The one it came in on has no way back in a room of one machine.
            back = (socket.IPPROTO_IPV6, _IPV6_PKTINFO, data[:16] + struct.pack("=I", 0))
            return plain_address(socket.inet_ntop(socket.AF_INET6, data[:16])), [back]
    for level, kind, data in control:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO) and len(data) >= 12:
            asked = data[8:12]
            return socket.inet_ntoa(asked), [(socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("=I4s4s", 0, asked, asked))]
    return "", []


def _original_destination(control: Control) -> tuple[str, int] | None:
    for level, kind, data in control:
        if (level, kind) == (socket.IPPROTO_IP, _IP_ORIGDSTADDR) and len(data) >= 8:
            return socket.inet_ntoa(data[4:8]), int.from_bytes(data[2:4], "big")
        if (level, kind) == (socket.IPPROTO_IPV6, _IPV6_ORIGDSTADDR) and len(data) >= 24:
            return socket.inet_ntop(socket.AF_INET6, data[8:24]), int.from_bytes(data[2:4], "big")
    return None
