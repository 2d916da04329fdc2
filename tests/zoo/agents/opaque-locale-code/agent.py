"""Sends a number in a header that stands for the locale."""

import zlib

from conversation import Agent, main
from surroundings import language


class LocaleCode(Agent):
    dialect = "openai-chat"

    def headers(self):
        return [*super().headers(), ("X-Build", f"{zlib.crc32(language().encode()) % 9000 + 1000}")]


main(LocaleCode)
