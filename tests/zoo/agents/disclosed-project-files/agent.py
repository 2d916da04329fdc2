"""Lists the names of the project's files in the prompt."""

import pathlib

from conversation import Agent, main


class ProjectFiles(Agent):
    dialect = "gemini"
    stream = True

    def paragraphs(self):
        names = sorted(p.name for p in pathlib.Path().iterdir() if p.name != ".git")
        return [*super().paragraphs(), "Files of the project:\n" + "\n".join(names)]


main(ProjectFiles)
