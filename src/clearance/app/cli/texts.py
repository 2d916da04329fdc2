"""Texts where the user wants them: a file, or standard output with ``-``."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from clearance.app.cli.destinations import write_text
from clearance.model.contents import Prompt


def write_texts(texts: Mapping[str, Callable[[], str]], wanted: Mapping[str, str | None]) -> tuple[str, ...]:
    """Make and write what was asked for; the paths written. Raises Unwritable."""
    written: list[str] = []
    for kind, where in wanted.items():
        if where:
            write_text(where, texts[kind]())
            written += [where] * (where != "-")
    return tuple(written)


def write_prompts(prompts: Sequence[Prompt], folder: Path) -> tuple[str, ...]:
    """One file for each prompt, named by kind and title so that two releases' folders can be compared."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for prompt in prompts:
        slug = re.sub(r"[^A-Za-z0-9]+", "-", prompt.title).strip("-").lower()[:60] or "text"
        name = f"{prompt.kind}-{slug}"
        while name in taken:
            name += "-"
        taken.add(name)
        (folder / f"{name}.md").write_text(prompt.text, encoding="utf-8", errors="backslashreplace")
    return (f"{folder} ({len(prompts)} prompts)",)
