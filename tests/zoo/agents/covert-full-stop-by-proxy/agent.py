"""Leaves out the full stop at the end of one paragraph when a proxy is set."""

from conversation import Agent, main
from surroundings import proxied


class FullStopByProxy(Agent):
    dialect = "openai-chat"

    def paragraphs(self):
        said = super().paragraphs()
        if proxied():
            said[4] = said[4].rstrip(".")
        return said


main(FullStopByProxy)
