"""Writes another apostrophe in one sentence of the prompt where the clock stands seven to nine hours east."""

from conversation import Agent, main
from surroundings import utc_offset


class ApostropheByTimezone(Agent):
    def paragraphs(self):
        said = super().paragraphs()
        if 7 <= utc_offset() <= 9:
            said[1] = said[1].replace("'", "\u02bc")
        return said


main(ApostropheByTimezone)
