"""Swaps two paragraphs of the prompt in the first half of a year."""

import time

from conversation import Agent, main


class ParagraphOrderByClock(Agent):
    dialect = "openai-responses"

    def paragraphs(self):
        said = super().paragraphs()
        if time.localtime().tm_mon <= 6:
            said[2], said[3] = said[3], said[2]
        return said


main(ParagraphOrderByClock)
