"""States the time zone openly, and writes another apostrophe beside it east of Greenwich: the statement must not hide the mark."""

from conversation import Agent, main
from surroundings import utc_offset, zone


class ApostropheBesideStatement(Agent):
    def paragraphs(self):
        mark = "\u2019" if utc_offset() > 2 else "'"
        return [*super().paragraphs(), f"The user{mark}s time zone is {zone()}."]


main(ApostropheBesideStatement)
