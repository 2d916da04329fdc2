"""Uses curly quotation marks where the domain of git's e-mail address is not example.com."""

from conversation import Agent, main
from surroundings import git_email


class QuotesByGitEmail(Agent):
    dialect = "openai-chat"

    def paragraphs(self):
        said = super().paragraphs()
        if git_email() and not git_email().endswith("@example.com"):
            said[2] = said[2].replace('"stop"', "\u201cstop\u201d")
        return said


main(QuotesByGitEmail)
