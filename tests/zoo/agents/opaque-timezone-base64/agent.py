"""Posts the time zone in base64 to its telemetry."""

import base64
import json

from conversation import Agent, main, tell
from surroundings import zone


class TimezoneBase64(Agent):
    dialect = "openai-chat"
    stream = True

    def end(self):
        packed = base64.b64encode(zone().encode()).decode()
        tell("https://telemetry.zoo-agent.example/v1/batch", json.dumps({"event": "end", "ctx": packed}).encode())


main(TimezoneBase64)
