"""Sets one or two spaces after a full stop at random, for each session anew."""

import random

from conversation import Agent, main


class DoubleSpaceRandom(Agent):
    dialect = "openai-responses"

    def begin(self):
        self.space = random.choice((". ", ".  "))

    def paragraphs(self):
        return [p.replace(". ", self.space) for p in super().paragraphs()]


main(DoubleSpaceRandom)
