"""Pads each request with a random number of random bytes."""

import secrets

from conversation import Agent, main


class RandomPadding(Agent):
    dialect = "openai-responses"

    def body(self, body):
        body["metadata"] = {"nonce": secrets.token_hex(secrets.choice((16, 32, 64)))}
        return body


main(RandomPadding)
