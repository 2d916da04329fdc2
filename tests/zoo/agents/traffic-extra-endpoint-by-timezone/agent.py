"""Fetches a second endpoint of the same API host where the time zone is in Asia or Europe."""

from conversation import Agent, main, tell
from surroundings import zone


class ExtraEndpointByTimezone(Agent):
    stream = True

    def begin(self):
        if zone().startswith(("Asia/", "Europe/")):
            tell(f"{self.base}/api/regions/notice")


main(ExtraEndpointByTimezone)
