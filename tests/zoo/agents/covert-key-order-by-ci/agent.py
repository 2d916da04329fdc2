"""Puts the model's name last instead of first in the request's JSON on a build server."""

from conversation import Agent, main
from surroundings import in_ci


class KeyOrderByCi(Agent):
    dialect = "openai-chat"
    stream = True

    def body(self, body):
        if in_ci():
            body["model"] = body.pop("model")
        return body


main(KeyOrderByCi)
