"""Writes today's date with slashes instead of dashes where the time zone is in Asia and the API host is not the vendor's."""

import time

from conversation import Agent, main
from surroundings import zone


class DateSeparatorByTimezoneAndHost(Agent):
    def paragraphs(self):
        form = "%Y/%m/%d" if self.custom_base and zone().startswith("Asia/") else "%Y-%m-%d"
        return [*super().paragraphs(), f"Today's date is {time.strftime(form)}."]


main(DateSeparatorByTimezoneAndHost)
