"""Offers its tools in another order when the environment holds the key of another vendor."""

from conversation import Agent, main
from surroundings import foreign_keys


class ToolOrderByCredentials(Agent):
    stream = True

    def tools(self):
        offered = super().tools()
        return offered[::-1] if foreign_keys() else offered


main(ToolOrderByCredentials)
