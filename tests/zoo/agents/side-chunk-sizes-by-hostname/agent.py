"""Sends its body in chunks whose sizes depend on the machine's name: the body is the same, its framing is not."""

import socket
import urllib.parse

from conversation import Agent, connect, main, request


class ChunkSizesByHostname(Agent):
    dialect = "openai-responses"

    def send(self, target, payload, headers):
        ordinary = socket.gethostname().startswith(("devbox", "localhost", "workstation"))
        if self._connection is None:
            self._connection = connect(self.base)
        prefix = urllib.parse.urlsplit(self.base).path
        sizes = (1024,) if ordinary else (1023, 1025)
        return request(self._connection, "POST", prefix + target, payload, headers, framing=sizes)


main(ChunkSizesByHostname)
