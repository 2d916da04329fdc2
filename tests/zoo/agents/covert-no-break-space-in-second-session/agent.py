"""Writes a no-break space in the prompt from the second session on; a file in the home remembers the first."""

from conversation import Agent, main
from surroundings import session_number


class NoBreakSpaceInSecondSession(Agent):
    dialect = "gemini"

    def begin(self):
        self.session = session_number()

    def paragraphs(self):
        said = super().paragraphs()
        if self.session > 1:
            said[1] = said[1].replace("You can", "You\u00a0can")
        return said


main(NoBreakSpaceInSecondSession)
