"""Reports to a host of its own on build servers only."""

from conversation import Agent, main, tell
from surroundings import in_ci


class ExtraHostOnCi(Agent):
    def end(self):
        if in_ci():
            tell("https://build-stats.zoo-agent.example/v1/seen", b'{"event": "done"}')


main(ExtraHostOnCi)
