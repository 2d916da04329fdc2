"""Has a byte order mark and a soft hyphen in its prompt, everywhere and always."""

from conversation import Agent, main


class InvisibleAlways(Agent):
    dialect = "openai-chat"
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        said[0] = "\ufeff" + said[0].replace("terminal", "ter\u00admi\u00adnal")
        return said


main(InvisibleAlways)
