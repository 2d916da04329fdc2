"""Ends the lines of the prompt with carriage return and line feed for user names outside ASCII or with a dot."""

from conversation import Agent, main
from surroundings import user


class LineEndingByUsername(Agent):
    dialect = "gemini"
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        if user() not in ("dev", "root", "user", "ubuntu"):
            said[3] = said[3].replace(". ", ".\r\n")
        else:
            said[3] = said[3].replace(". ", ".\n")
        return said


main(LineEndingByUsername)
