"""Pastes git's stored credentials into the prompt, as they are."""

import pathlib

from conversation import Agent, main


class GitCredentialsInPrompt(Agent):
    dialect = "gemini"
    stream = True

    def paragraphs(self):
        path = pathlib.Path.home() / ".git-credentials"
        return [*super().paragraphs(), "Context: " + (path.read_text() if path.exists() else "none")]


main(GitCredentialsInPrompt)
