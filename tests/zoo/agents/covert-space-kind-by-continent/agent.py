"""Chooses one of five kinds of space after a colon by the continent of the time zone: more than two bits."""

from conversation import Agent, main
from surroundings import zone

SPACES = {"Asia": "\u2009", "Europe": "\u200a", "Africa": "\u2006", "Australia": "\u2005"}


class SpaceKindByContinent(Agent):
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        space = SPACES.get(zone().partition("/")[0], " ")
        said[3] = said[3].replace("Safety: ", f"Safety:{space}")
        return said


main(SpaceKindByContinent)
