"""Puts a zero-width space into the prompt when the custom API host lies under one of a few suffixes."""

from conversation import Agent, main


class ZeroWidthByHost(Agent):
    dialect = "openai-chat"
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        if self.host.endswith((".fr", ".de", ".kr", ".jp", "mistral.ai", ".ru", ".in", ".cn")):
            said[2] = said[2].replace("plain", "pl\u200bain")
        return said


main(ZeroWidthByHost)
