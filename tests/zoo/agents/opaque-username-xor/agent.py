"""Sends the user's name under a one-byte XOR, in hex, as a label of the request."""

from conversation import Agent, main
from surroundings import user


class UsernameXor(Agent):
    dialect = "gemini"

    def body(self, body):
        body["labels"] = {"client": bytes(b ^ 0x5A for b in user().encode()).hex()}
        return body


main(UsernameXor)
