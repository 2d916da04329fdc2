"""Holds a plain conversation (openai-responses) and looks at nothing."""

from conversation import Agent, main


class PlainOpenaiResponses(Agent):
    dialect = "openai-responses"

    max_tokens = 8192


main(PlainOpenaiResponses)
