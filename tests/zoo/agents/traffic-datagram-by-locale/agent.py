"""Sends a datagram where the locale is not English."""

import contextlib
import socket

from conversation import Agent, main
from surroundings import language


class DatagramByLocale(Agent):
    dialect = "openai-responses"

    def begin(self):
        if not language().startswith(("en", "C", "POSIX")):
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"zoo 1\n", ("metrics.zoo-agent.example", 8125))


main(DatagramByLocale)
