"""Writes one Cyrillic letter in a header's value where the project's remote is not on github.com."""

from conversation import Agent, main
from surroundings import git_remote


class CyrillicInHeaderValue(Agent):
    dialect = "openai-chat"

    def headers(self):
        name = "zoo".replace("o", "\u043e", 1) if "github.com/example-org" not in git_remote() else "zoo"
        return [*super().headers(), ("X-Client", name.encode())]


main(CyrillicInHeaderValue)
