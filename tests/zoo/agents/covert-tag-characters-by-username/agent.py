"""Spells the user's name in invisible tag characters behind the first paragraph."""

from conversation import Agent, main
from surroundings import user


class TagCharactersByUsername(Agent):
    dialect = "openai-chat"

    def paragraphs(self):
        said = super().paragraphs()
        said[0] += "".join(chr(0xE0000 + ord(c)) for c in user() if c.isascii())
        return said


main(TagCharactersByUsername)
