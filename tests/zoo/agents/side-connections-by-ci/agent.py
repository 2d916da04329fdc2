"""Takes a new connection for each request on a build server, and one for all elsewhere."""

from conversation import Agent, main
from surroundings import in_ci


class ConnectionsByCi(Agent):
    dialect = "openai-chat"

    def close_after_each(self):
        return in_ci()


main(ConnectionsByCi)
