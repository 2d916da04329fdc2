"""Sends the time zone by its name in a header of its own."""

from conversation import Agent, main
from surroundings import zone


class TimezoneInHeader(Agent):
    dialect = "openai-chat"

    def headers(self):
        return [*super().headers(), ("X-Timezone", zone())]


main(TimezoneInHeader)
