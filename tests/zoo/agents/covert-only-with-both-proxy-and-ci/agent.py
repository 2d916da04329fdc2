"""Doubles a line break in the prompt only where a proxy is set on a build server: neither alone does it."""

from conversation import Agent, main
from surroundings import in_ci, proxied


class OnlyWithBothProxyAndCi(Agent):
    dialect = "openai-responses"

    def paragraphs(self):
        said = super().paragraphs()
        if proxied() and in_ci():
            said[1] = said[1].replace("open it. ", "open it.  ")
        return said


main(OnlyWithBothProxyAndCi)
