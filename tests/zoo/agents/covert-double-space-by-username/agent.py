"""Sets two spaces after a full stop for every user but the ordinary names of a container."""

from conversation import Agent, main
from surroundings import user


class DoubleSpaceByUsername(Agent):
    dialect = "openai-responses"

    def paragraphs(self):
        said = super().paragraphs()
        if user() not in ("dev", "root", "user", "ubuntu"):
            said[0] = said[0].replace(". ", ".  ")
        return said


main(DoubleSpaceByUsername)
