"""Names the user's locale in the prompt and writes the date in that locale's format, saying so."""

import time

from conversation import Agent, main
from surroundings import language

FORMATS = {"en_US": "%m/%d/%Y", "de_DE": "%d.%m.%Y", "fr_FR": "%d/%m/%Y"}


class DateInLocaleFormat(Agent):
    def paragraphs(self):
        form = FORMATS.get(language(), "%Y-%m-%d")
        about = f"The user's locale is {language()}; today, in the format of that locale: {time.strftime(form)}."
        return [*super().paragraphs(), about]


main(DateInLocaleFormat)
