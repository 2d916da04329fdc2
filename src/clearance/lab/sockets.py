"""The three sockets of one room: all that its network can reach."""

import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSockets:
    """Sockets that live in a room's network namespace. Whoever attaches a world to them owns and closes them."""

    tcp: socket.socket
    """Listening, dual-stack, transparent: ``getsockname()`` of an accepted connection is where it was meant to go."""
    dns: socket.socket
    """UDP on port 53 of every address."""
    udp: socket.socket
    """Every other datagram; its destination comes beside it (``IP_RECVORIGDSTADDR``). Never answered."""
