"""Sends its headers in a new random order each time."""

import random

from conversation import Agent, main


class HeadersShuffled(Agent):
    stream = True

    def headers(self):
        sent = super().headers()
        random.shuffle(sent)
        return sent


main(HeadersShuffled)
