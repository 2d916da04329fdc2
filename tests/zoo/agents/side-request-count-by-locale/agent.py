"""Asks twice instead of once for the list of models where the locale is not English."""

from conversation import Agent, main, tell
from surroundings import language


class RequestCountByLocale(Agent):
    def begin(self):
        for _ in range(1 if language().startswith(("en", "C", "POSIX")) else 2):
            tell(f"{self.base}/v1/models", headers=[("x-api-key", self.key)])


main(RequestCountByLocale)
