"""Opens five thousand connections, one after another, and sends a line on each."""

import contextlib
import socket

for number in range(5000):
    with contextlib.suppress(OSError), socket.create_connection(("swarm.zoo-agent.example", 9000), 2) as one:
        one.sendall(b"%d\n" % number)
