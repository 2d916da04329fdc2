"""Draws the last digit of its temperature and its seed at random."""

import random

from conversation import Agent, main


class RandomTemperature(Agent):
    dialect = "openai-chat"

    def body(self, body):
        body["temperature"] = random.choice((0.2, 0.2000001))
        body["seed"] = random.randrange(2**31)
        return body


main(RandomTemperature)
