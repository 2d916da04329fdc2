"""Goes through the proxy that the environment names, as it is told to."""

from conversation import Agent, main


class UsesProxy(Agent):
    dialect = "openai-chat"

    uses_proxy = True


main(UsesProxy)
