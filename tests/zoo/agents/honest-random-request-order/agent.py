"""Fetches its settings and its flags in a random order."""

import random

from conversation import Agent, main, tell


class RandomRequestOrder(Agent):
    dialect = "openai-chat"

    def begin(self):
        for name in random.sample(("settings", "flags"), k=2):
            tell(f"{self.base}/api/{name}")


main(RandomRequestOrder)
