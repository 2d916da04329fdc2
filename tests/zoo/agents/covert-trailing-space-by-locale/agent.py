"""Ends a paragraph with a space where the locale is not English."""

from conversation import Agent, main
from surroundings import language


class TrailingSpaceByLocale(Agent):
    dialect = "gemini"

    def paragraphs(self):
        said = super().paragraphs()
        if not language().startswith(("en", "C", "POSIX")):
            said[3] += " "
        return said


main(TrailingSpaceByLocale)
