"""Marks each request with a random id and each session with another."""

import uuid

from conversation import Agent, main


class UuidIds(Agent):
    def begin(self):
        self.session = str(uuid.uuid4())

    def headers(self):
        return [*super().headers(), ("X-Session", self.session), ("X-Request-Id", str(uuid.uuid4()))]


main(UuidIds)
