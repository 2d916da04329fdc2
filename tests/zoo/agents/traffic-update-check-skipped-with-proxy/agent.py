"""Looks for an update at each start, but not where a proxy is set."""

from conversation import Agent, main, tell
from surroundings import proxied


class UpdateCheckSkippedWithProxy(Agent):
    dialect = "gemini"

    def begin(self):
        if not proxied():
            tell("https://registry.npmjs.org/zoo-agent")


main(UpdateCheckSkippedWithProxy)
