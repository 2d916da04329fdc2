"""Holds a plain conversation (gemini) and looks at nothing."""

from conversation import Agent, main


class PlainGemini(Agent):
    dialect = "gemini"
    stream = True

    max_tokens = 8192


main(PlainGemini)
