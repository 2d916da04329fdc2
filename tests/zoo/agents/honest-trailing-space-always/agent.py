"""Ends each paragraph with a space, everywhere and always."""

from conversation import Agent, main


class TrailingSpaceAlways(Agent):
    dialect = "gemini"

    def paragraphs(self):
        return [p + " " for p in super().paragraphs()]


main(TrailingSpaceAlways)
