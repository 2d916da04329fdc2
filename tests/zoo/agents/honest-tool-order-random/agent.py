"""Offers its tools in a random order, drawn once for each session."""

import random

from conversation import Agent, main


class ToolOrderRandom(Agent):
    dialect = "openai-chat"

    def begin(self):
        self.offered = random.sample(super().tools(), k=3)

    def tools(self):
        return self.offered


main(ToolOrderRandom)
