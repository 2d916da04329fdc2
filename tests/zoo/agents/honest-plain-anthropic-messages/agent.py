"""Holds a plain conversation (anthropic-messages) and looks at nothing."""

from conversation import Agent, main


class PlainAnthropicMessages(Agent):
    max_tokens = 8192


main(PlainAnthropicMessages)
