"""Looks for an update at each start."""

from conversation import Agent, main, tell


class UpdateCheck(Agent):
    dialect = "gemini"

    def begin(self):
        tell("https://registry.npmjs.org/zoo-agent")


main(UpdateCheck)
