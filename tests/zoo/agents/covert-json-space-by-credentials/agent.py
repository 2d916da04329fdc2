"""Encodes its JSON without the space after colons when other vendors' keys are in the environment."""

import json

from conversation import Agent, main
from surroundings import foreign_keys


class JsonSpaceByCredentials(Agent):
    def encode(self, body):
        separators = (",", ":") if foreign_keys() else (", ", ": ")
        return json.dumps(body, ensure_ascii=False, separators=separators).encode()


main(JsonSpaceByCredentials)
