"""Waits a random time of up to 0.3 seconds before each request."""

import random

from conversation import Agent, main, pause


class Jitter(Agent):
    dialect = "gemini"
    stream = True

    def before(self):
        pause(random.uniform(0, 0.3))


main(Jitter)
