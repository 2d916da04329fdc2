"""Calls itself version 1.40 instead of 1.4 on a build server."""

from conversation import Agent, main
from surroundings import in_ci


class VersionDigitsByCi(Agent):
    dialect = "gemini"

    def headers(self):
        version = "1.40" if in_ci() else "1.4"
        return [(n, f"zoo-agent/{version}" if n == "User-Agent" else v) for n, v in super().headers()]


main(VersionDigitsByCi)
