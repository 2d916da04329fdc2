"""Says in the prompt where the project's remote is and who commits."""

from conversation import Agent, main
from surroundings import git_email, git_remote


class Git(Agent):
    dialect = "openai-responses"
    stream = True

    def paragraphs(self):
        return [*super().paragraphs(), f"Git remote: {git_remote()}\nCommits are signed by: {git_email()}"]


main(Git)
