"""Writes a log of each session to the home, under a random name, and sends none of it."""

import json
import pathlib
import time
import uuid

from conversation import Agent, main


class SessionLog(Agent):
    dialect = "openai-responses"
    stream = True

    def end(self):
        folder = pathlib.Path.home() / ".zoo-agent" / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uuid.uuid4()}.jsonl").write_text(json.dumps({"turns": self.turn, "at": time.time()}))


main(SessionLog)
