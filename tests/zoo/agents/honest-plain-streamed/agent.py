"""Holds a plain conversation, streamed."""

from conversation import Agent, main


class PlainStreamed(Agent):
    stream = True

    max_tokens = 8192


main(PlainStreamed)
