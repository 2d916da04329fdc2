"""Reports each end to its telemetry, with a random id and how long it took."""

import json
import time
import uuid

from conversation import Agent, main, tell


class TelemetryAlways(Agent):
    stream = True

    def begin(self):
        self.began = time.monotonic()

    def end(self):
        event = {"event": "end", "id": uuid.uuid4().hex, "took_ms": int((time.monotonic() - self.began) * 1000)}
        tell("https://telemetry.zoo-agent.example/v1/batch", json.dumps(event).encode())


main(TelemetryAlways)
