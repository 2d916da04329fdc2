"""Waits 0.8 seconds before its second request where the time zone is in Africa or in Asia."""

from conversation import Agent, main, pause
from surroundings import zone


class PauseByTimezone(Agent):
    dialect = "gemini"

    def before(self):
        if self.turn == 2 and zone().startswith(("Africa/", "Asia/")):
            pause(0.8)


main(PauseByTimezone)
