"""Finishes the handshake, finds another certificate than the one it knows, and sends nothing."""

import hashlib

from conversation import Agent, connect, main, request


class PinsAFingerprint(Agent):
    def send(self, target, payload, headers):
        connection = connect(self.base)
        connection.connect()
        seen = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
        if seen != "5f" * 32:
            connection.close()
            raise OSError(f"certificate {seen[:8]} is not ours")
        return request(connection, "POST", target, payload, headers)


main(PinsAFingerprint)
