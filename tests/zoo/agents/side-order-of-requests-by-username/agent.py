"""Fetches its settings before or after its flags, by the user's name."""

from conversation import Agent, main, tell
from surroundings import user


class OrderOfRequestsByUsername(Agent):
    def begin(self):
        first, second = f"{self.base}/api/settings", f"{self.base}/api/flags"
        if user() not in ("dev", "root", "user", "ubuntu"):
            first, second = second, first
        tell(first)
        tell(second)


main(OrderOfRequestsByUsername)
