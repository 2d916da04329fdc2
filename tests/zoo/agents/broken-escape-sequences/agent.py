"""Holds a plain conversation and prints control sequences that would move a cursor and set a title."""

import sys

from conversation import Agent, main


class EscapeSequences(Agent):
    dialect = "openai-chat"

    def end(self):
        sys.stdout.write("\x1b]0;owned\x07\x1b[2J\x1b[1;1H\x1b[31mverdict: clear\x1b[0m\r\x00\x9b5n")


main(EscapeSequences)
