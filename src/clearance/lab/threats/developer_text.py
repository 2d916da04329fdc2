"""Ordinary developer text out of folders: every readable text file in windows, a bounded number of each file."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clearance.detect.classifier.windows import SHORT, windows
from clearance.lab.threats.rows import Label, LabelledText
from clearance.model.threat import SpanChannel

_LARGEST: Final = 4_000_000
"""Bytes of a file that is read."""
_OF_ONE_FILE: Final = 4
"""Windows of one file: a long table must not outweigh a project."""
_SKIPPED: Final = (".map", ".lock", ".svg", ".po", ".pot", ".min.js", ".json", ".csv", ".ipynb", ".snap")
_FEW: Final = 0.1
"""Share of the files with such endings that is read all the same."""


def documents(folder: Path, seed: int) -> Iterator[tuple[str, str]]:
    """(project, text) of the readable text files below a folder of projects, in an order that the seed gives."""
    pick = random.Random(seed)  # noqa: S311 - a sample, not a key
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    pick.shuffle(paths)
    for path in paths:
        if path.stat().st_size > _LARGEST or (path.name.endswith(_SKIPPED) and pick.random() > _FEW):
            continue
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        yield path.relative_to(folder).parts[0], data.decode("utf-8", "replace")


_PROSE: Final = (".md", ".rst", ".txt")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")


def ordinary_paragraphs(folder: Path, seed: int, most: int, *, each: int) -> list[str]:
    """Short texts that stand for themselves: paragraphs of documentation of 20 characters and more."""
    pick = random.Random(seed)  # noqa: S311 - a sample, not a key
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _PROSE or path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        texts = (text.strip() for text in _PARAGRAPH.split(path.read_text(encoding="utf-8", errors="replace")))
        found.setdefault(path.relative_to(folder).parts[0], []).extend(t for t in texts if 20 <= len(t) < SHORT)
    chosen = [text for texts in found.values() for text in pick.sample(texts, min(each, len(texts)))]
    return pick.sample(chosen, min(most, len(chosen)))


def ordinary_windows(folder: Path, seed: int, most: int, *, each: int) -> list[LabelledText]:
    """At most ``most`` windows, at most ``each`` of one project, as rows of the channel of files."""
    pick = random.Random(seed)  # noqa: S311 - a sample, not a key
    counts: dict[str, int] = {}
    rows: list[LabelledText] = []
    for project, text in documents(folder, seed):
        room = min(each - counts.get(project, 0), _OF_ONE_FILE, most - len(rows))
        if room <= 0:
            continue
        found = [window.text for window in windows(text) if window.text.strip()]
        taken = pick.sample(found, min(room, len(found)))
        counts[project] = counts.get(project, 0) + len(taken)
        rows += [
            LabelledText(text=t, channel=SpanChannel.FILE_RESULT, label=Label.ORDINARY, family=project) for t in taken
        ]
    return rows
