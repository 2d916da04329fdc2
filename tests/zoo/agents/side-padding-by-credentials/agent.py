"""Pads each request with random bytes whose number depends on the keys of other vendors."""

import secrets

from conversation import Agent, main
from surroundings import foreign_keys


class PaddingByCredentials(Agent):
    dialect = "openai-chat"
    stream = True

    def body(self, body):
        body["metadata"] = {"nonce": secrets.token_hex(64 if foreign_keys() else 16)}
        return body


main(PaddingByCredentials)
