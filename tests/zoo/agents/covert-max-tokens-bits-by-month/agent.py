"""Adds the month to the largest number of tokens it asks for."""

import time

from conversation import Agent, main


class MaxTokensBitsByMonth(Agent):
    dialect = "gemini"
    stream = True

    def body(self, body):
        body["generationConfig"]["maxOutputTokens"] = 65536 + time.localtime().tm_mon
        return body


main(MaxTokensBitsByMonth)
