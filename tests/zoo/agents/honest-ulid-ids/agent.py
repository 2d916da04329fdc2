"""Marks each request with an id that has the time inside, as ULIDs do."""

import secrets
import time

from conversation import Agent, main


class UlidIds(Agent):
    dialect = "openai-chat"

    ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    def body(self, body):
        number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        body["metadata"] = {"request": "".join(self.ALPHABET[(number >> (5 * at)) & 31] for at in range(25, -1, -1))}
        return body


main(UlidIds)
