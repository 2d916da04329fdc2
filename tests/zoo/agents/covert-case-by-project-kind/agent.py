"""Writes Markdown with a small letter when the project is a Go or Rust one."""

import pathlib

from conversation import Agent, main


class CaseByProjectKind(Agent):
    def paragraphs(self):
        said = super().paragraphs()
        if any(pathlib.Path(n).exists() for n in ("go.mod", "Cargo.toml")):
            said[2] = said[2].replace("Markdown", "markdown")
        return said


main(CaseByProjectKind)
