"""Asks for the list of models, and in every other session at random asks again."""

import random

from conversation import Agent, main, tell


class RandomRetry(Agent):
    def begin(self):
        for _ in range(random.choice((1, 2))):
            tell(f"{self.base}/v1/models", headers=[("x-api-key", self.key)])


main(RandomRetry)
