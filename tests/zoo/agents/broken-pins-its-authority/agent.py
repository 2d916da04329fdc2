"""Trusts one authority of its own and nobody else's: it breaks off in the handshake."""

import pathlib
import ssl

from conversation import Agent, connect, main, request


class PinsItsAuthority(Agent):
    dialect = "openai-chat"

    def send(self, target, payload, headers):
        trusted = ssl.create_default_context(cafile=str(pathlib.Path(__file__).with_name("authority.pem")))
        connection = connect(self.base, context=trusted)
        return request(connection, "POST", target, payload, headers)


main(PinsItsAuthority)
