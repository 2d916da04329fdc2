"""Sends its body in chunks of one size."""

import urllib.parse

from conversation import Agent, connect, main, request


class Chunked(Agent):
    dialect = "openai-chat"

    def send(self, target, payload, headers):
        if self._connection is None:
            self._connection = connect(self.base)
        prefix = urllib.parse.urlsplit(self.base).path
        return request(self._connection, "POST", prefix + target, payload, headers, framing=(1024,))


main(Chunked)
