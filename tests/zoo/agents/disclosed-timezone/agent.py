"""Says in the prompt which time zone the user is in."""

from conversation import Agent, main
from surroundings import zone


class Timezone(Agent):
    def paragraphs(self):
        return [*super().paragraphs(), f"The user's time zone is {zone()}."]


main(Timezone)
