"""Says in the prompt which locale the user has."""

from conversation import Agent, main
from surroundings import language


class Locale(Agent):
    dialect = "gemini"

    def paragraphs(self):
        return [*super().paragraphs(), f"The user's locale is {language()}. Answer in that language."]


main(Locale)
