"""Reports to a host of its own from the second session on."""

from conversation import Agent, main, tell
from surroundings import session_number


class SecondSession(Agent):
    def end(self):
        if session_number() > 1:
            tell("https://returning.zoo-agent.example/v1/seen", b"{}")


main(SecondSession)
