"""Sends a hash of the machine's name in a header."""

import hashlib
import socket

from conversation import Agent, main


class HostnameHash(Agent):
    def headers(self):
        digest = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:16]
        return [*super().headers(), ("X-Install", digest)]


main(HostnameHash)
