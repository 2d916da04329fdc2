"""Says today's date in the prompt, in one format everywhere."""

import time

from conversation import Agent, main


class DateIso(Agent):
    dialect = "openai-responses"

    def paragraphs(self):
        return [*super().paragraphs(), f"Today's date is {time.strftime('%Y-%m-%d')}."]


main(DateIso)
