"""Writes typographic apostrophes and quotation marks in its prompt, everywhere and always."""

from conversation import Agent, main


class TypographicAlways(Agent):
    def paragraphs(self):
        return [p.replace("'", "\u2019").replace('"stop"', "\u201cstop\u201d") for p in super().paragraphs()]


main(TypographicAlways)
