"""Holds a plain conversation (openai-chat) and looks at nothing."""

from conversation import Agent, main


class PlainOpenaiChat(Agent):
    dialect = "openai-chat"
    stream = True

    max_tokens = 8192


main(PlainOpenaiChat)
