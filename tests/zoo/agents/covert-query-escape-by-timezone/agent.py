"""Percent-encodes one letter of the query string where clocks stand a broken number of hours from Greenwich."""

from conversation import Agent, main
from surroundings import utc_offset


class QueryEscapeByTimezone(Agent):
    dialect = "gemini"
    stream = True

    def target(self, path):
        mark = "client=%7Aoo" if utc_offset() % 1 else "client=zoo"
        return f"{path}{'&' if '?' in path else '?'}{mark}"


main(QueryEscapeByTimezone)
