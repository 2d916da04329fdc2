"""The texts of a release that an agent follows, with their bytes: files whole, descriptions as they were read.

1. Files of the tree are read where they lie; where a text lies inside another file, the release is opened once more.
2. A skill, a slash command, an agent, a rules file is its file. What a tool says of itself is the text of the fact;
   places in it are looked for in the file as JSON writes them, and are the whole file where they cannot be found.
3. Prompts are the release's own: only those that speak as a system or describe a tool, and only beside other texts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clearance.intake.acquire import Acquired
from clearance.intake.cache import Cache
from clearance.intake.unpack.inside import InsideLimits, open_release
from clearance.model.contents import Contents, Extension, Prompt
from clearance.model.judged import TextRole
from clearance.model.threat import SpanChannel

_WRITTEN: Final = frozenset({"skill", "command", "agent", "rules-file"})
_DESCRIBED: Final = frozenset({"mcp-tool", "mcp-server"})
_VALUES: Final = (".json", ".jsonc", ".json5", ".yaml", ".yml", ".code-workspace")
_LARGEST: Final = 1 << 20
"""Bytes of one file."""
_LEAST: Final = 12
"""Letters of a neighbourhood that can be looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentText:
    """One text and where it lies."""

    role: TextRole
    channel: SpanChannel
    kind: str
    name: str
    path: str
    data: bytes
    """What is judged."""
    offset: int = 0
    """Where it begins in the member, where it lies there as it is …"""
    within: bytes = b""
    """… or the member, in which it is to be looked for."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Bytes of the member for bytes of the text."""
        if not self.within:
            return self.offset + start, self.offset + end
        piece = self.data[start:end].decode("utf-8", "replace")
        for line in sorted(piece.split("\n"), key=len, reverse=True)[:4]:
            for form in (line.strip(), line.partition(": ")[2].strip()):
                for written in _as_json(form) if len(form) >= _LEAST else ():
                    if (at := self.within.find(written)) >= 0:
                        return at, at + len(written)
        return 0, len(self.within)


def has_agent_texts(contents: Contents) -> bool:
    """Whether there is any text in it that an agent follows, its prompts left aside."""
    return any(map(_speaks, contents.extensions))


def agent_texts_of(
    acquired: Acquired, contents: Contents, *, store: Path, prompts: int
) -> tuple[tuple[AgentText, ...], tuple[str, ...]]:
    """The texts, and what could not be read in sentences; of prompts at most so many bytes. Raises IntakeError."""
    facts = [fact for fact in contents.extensions if _speaks(fact)]
    files = _bytes_of(acquired, dict.fromkeys(fact.path for fact in facts), store)
    found, seen = [], set()
    for fact in facts:
        key = (fact.path,) if _is_file(fact) else (fact.path, fact.name, fact.text)
        if (fact.path in files or fact.offset >= 0) and key not in seen:
            seen.add(key)
            data = files.get(fact.path, b"")
            found.append(_file(fact, data) if _is_file(fact) else _described(fact, data))
    unread = [path for path in dict.fromkeys(fact.path for fact in facts if fact.offset < 0) if path not in files]
    beside = any(fact.offset < 0 for fact in facts)  # tools in a program's source alone do not make it a skill
    told = tuple(_told_prompts(contents, prompts, {f.path for f in facts if _is_file(f)})) if beside else ()
    return (*found, *told), tuple(f"{path} is larger than {_LARGEST:,} bytes, or was not there." for path in unread)


def _speaks(fact: Extension) -> bool:
    return _is_file(fact) or (_is_described(fact) and bool(fact.text))


def _is_file(fact: Extension) -> bool:
    return fact.kind in _WRITTEN and not fact.path.lower().endswith(_VALUES)


def _is_described(fact: Extension) -> bool:
    return fact.kind in _DESCRIBED or (fact.kind in _WRITTEN and not _is_file(fact))


def _file(fact: Extension, data: bytes) -> AgentText:
    return AgentText(
        role=TextRole.INSTRUCTIONS,
        channel=SpanChannel.SKILL,
        kind=fact.kind,
        name=fact.name,
        path=fact.path,
        data=data,
    )


def _described(fact: Extension, data: bytes) -> AgentText:
    is_tool = fact.kind in _DESCRIBED
    return AgentText(
        role=TextRole.TOOL if is_tool else TextRole.INSTRUCTIONS,
        channel=SpanChannel.TOOL_DEFINITION if is_tool else SpanChannel.SKILL,
        kind=fact.kind,
        name=fact.name,
        path=fact.path,
        data=fact.text.encode("utf-8", "replace"),
        offset=max(0, fact.offset),
        within=data,
    )


def _told_prompts(contents: Contents, most: int, files: set[str]) -> Iterator[AgentText]:
    for prompt in contents.prompts:
        path = contents.members[prompt.place.member].path if prompt.place.member < len(contents.members) else "?"
        data = prompt.text.encode("utf-8", "replace")
        if prompt.kind == "text" or path in files or len(data) > most:
            continue
        most -= len(data)
        yield _prompt(prompt, path, data)


def _prompt(prompt: Prompt, path: str, data: bytes) -> AgentText:
    is_tool = prompt.kind == "tool"
    return AgentText(
        role=TextRole.PROMPT,
        channel=SpanChannel.TOOL_DEFINITION if is_tool else SpanChannel.SYSTEM_PROMPT,
        kind="prompt",
        name=prompt.title[:40],
        path=path,
        data=data,
        offset=prompt.place.offset,
    )


def _bytes_of(acquired: Acquired, wanted: Mapping[str, object], store: Path) -> dict[str, bytes]:
    """Bytes of members by path; those that are too large or gone are left out."""
    entries = [entry for entry in acquired.files if entry.path in wanted]
    with Cache(store).scratch() as scratch:
        whole = len(entries) < len(wanted)  # some lie inside of other files
        files = acquired.files if whole else entries
        opened = open_release(acquired.root, files, scratch=scratch, limits=InsideLimits())
        return {
            found.member.path: _read(found.file, found.start, found.member.size)
            for found in opened.members
            if found.member.path in wanted and found.member.size <= _LARGEST
        }


def _read(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


def _as_json(text: str) -> Iterator[bytes]:
    for ascii_only in (False, True):
        yield json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace")
