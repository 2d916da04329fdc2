"""Texts that agents follow, out of folders of honest packages: skills, commands, agents, rules files, tools."""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clearance.detect.classifier.windows import windows
from clearance.lab.threats.rows import Label, LabelledText
from clearance.model.threat import SpanChannel
from clearance.observe.static.extensions import extensions

WRITTEN: Final = frozenset({"skill", "command", "agent", "rules-file"})
"""Kinds whose file is the text."""
_DESCRIBED: Final = frozenset({"mcp-tool", "mcp-server"})
_ENDINGS: Final = (".md", ".mdc", ".txt", ".toml", ".json", ".yaml", ".yml")
_LARGEST: Final = 1 << 20


def agent_texts(folder: Path) -> Iterator[tuple[str, SpanChannel, str]]:
    """(project, channel, text) of every such text below a folder of projects, each text once, in order of paths."""
    seen: set[str] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.is_symlink() or not _may_be(path):
            continue
        for channel, text in _texts(name, path.read_bytes()):
            if text.strip() and text not in seen:
                seen.add(text)
                yield name.partition("/")[0], channel, text


def _may_be(path: Path) -> bool:
    return (path.suffix in _ENDINGS or path.name.startswith(".")) and path.stat().st_size <= _LARGEST


def _texts(name: str, data: bytes) -> Iterator[tuple[SpanChannel, str]]:
    found = extensions(name, data)
    if any(extension.kind in WRITTEN for extension in found):
        yield SpanChannel.SKILL, data.decode("utf-8", "replace")
    for extension in found:
        if extension.kind in _DESCRIBED:
            yield SpanChannel.TOOL_DEFINITION, extension.text


def agent_windows(folder: Path, channel: SpanChannel, seed: int, *, most: int, each: int) -> list[LabelledText]:
    """At most ``most`` windows of texts of a channel, at most ``each`` of one project, drawn by the seed."""
    pick = random.Random(seed)  # noqa: S311 - a sample, not a key
    of: defaultdict[str, list[str]] = defaultdict(list)
    for project, found, text in agent_texts(folder):
        if found is channel:
            of[project] += [window.text for window in windows(text) if window.text.strip()]
    rows = [
        LabelledText(text=text, channel=channel, label=Label.ORDINARY, family=project)
        for project, texts in sorted(of.items())
        for text in pick.sample(texts, min(each, len(texts)))
    ]
    return pick.sample(rows, min(most, len(rows)))
