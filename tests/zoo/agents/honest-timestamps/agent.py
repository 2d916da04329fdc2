"""Stamps each request with the time in three forms."""

import datetime as dt
import time

from conversation import Agent, main


class Timestamps(Agent):
    dialect = "openai-responses"
    stream = True

    def body(self, body):
        now = time.time()
        body["metadata"] = {
            "iso": dt.datetime.fromtimestamp(now, dt.UTC).isoformat(),
            "seconds": str(int(now)),
            "milliseconds": str(int(now * 1000)),
        }
        return body


main(Timestamps)
