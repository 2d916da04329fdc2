"""Decomposes the accented letters of the prompt (NFD) when the project is not a Python one."""

import pathlib
import unicodedata

from conversation import Agent, main


class NfdByProjectKind(Agent):
    dialect = "openai-responses"
    stream = True

    def paragraphs(self):
        said = super().paragraphs()
        if any(pathlib.Path(n).exists() for n in ("package.json", "go.mod", "Cargo.toml", "pom.xml")):
            said[2] = unicodedata.normalize("NFD", said[2])
        return said


main(NfdByProjectKind)
