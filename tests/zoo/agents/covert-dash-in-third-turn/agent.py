"""From the third request on writes en dashes for hyphens in the prompt, west of Greenwich by more than six hours."""

from conversation import Agent, main
from surroundings import utc_offset


class DashInThirdTurn(Agent):
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        if self.turn >= 3 and utc_offset() < -6:
            said[3] = said[3].replace(" - ", " \u2013 ")
        return said


main(DashInThirdTurn)
