"""Draws an id for the installation once, keeps it in the home and sends it in each session."""

import pathlib
import uuid

from conversation import Agent, main


class PersistedId(Agent):
    dialect = "gemini"

    def begin(self):
        kept = pathlib.Path.home() / ".zoo-agent" / "installation"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(str(uuid.uuid4()))
        self.installation = kept.read_text()

    def body(self, body):
        body["labels"] = {"installation": self.installation}
        return body


main(PersistedId)
