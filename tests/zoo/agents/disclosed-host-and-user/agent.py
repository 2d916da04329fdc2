"""Says in the prompt the name of the machine, the user and the home."""

import pathlib
import socket

from conversation import Agent, main
from surroundings import user


class HostAndUser(Agent):
    dialect = "openai-chat"
    stream = True

    def paragraphs(self):
        about = f"Environment:\n- host: {socket.gethostname()}\n- user: {user()}\n- home: {pathlib.Path.home()}"
        return [*super().paragraphs(), about]


main(HostAndUser)
