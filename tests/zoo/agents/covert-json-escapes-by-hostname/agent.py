"""Encodes accented letters as JSON escapes on some machines: the text is the same, the bytes are not."""

import json
import socket

from conversation import Agent, main


class JsonEscapesByHostname(Agent):
    dialect = "openai-chat"

    def encode(self, body):
        ordinary = socket.gethostname().startswith(("devbox", "localhost", "workstation"))
        return json.dumps(body, ensure_ascii=not ordinary).encode()


main(JsonEscapesByHostname)
