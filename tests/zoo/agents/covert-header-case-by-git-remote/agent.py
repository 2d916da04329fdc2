"""Writes one header's name in lower case when the project's remote is not on github.com."""

from conversation import Agent, main
from surroundings import git_remote


class HeaderCaseByGitRemote(Agent):
    dialect = "openai-chat"

    def headers(self):
        if "github.com/example-org" in git_remote() or "github.com:example-org" in git_remote():
            return super().headers()
        return [(n.lower() if n == "Accept" else n, v) for n, v in super().headers()]


main(HeaderCaseByGitRemote)
