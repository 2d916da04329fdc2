"""Where assistants look for texts that they follow (``places.toml``), and what lies there."""

import functools
import re
from importlib.resources import files
from typing import Final

import msgspec

from clearance.observe.static.documents.front_matter import front_matter
from clearance.observe.static.extensions.source import Source

_PLUGIN_PARTS: Final = re.compile(r"(?:^|/)(commands?|agents?)/(?:[^/]+/){0,2}[^/]+\.(md|toml)\Z", re.IGNORECASE)
_AGENT_FILE: Final = re.compile(r"(?:^|/)(?:\.kiro/agents|\.?amazonq/(?:cli-)?agents)/[^/]+\.json\Z", re.IGNORECASE)
_ARGUMENTS: Final = re.compile(r"\$ARGUMENTS|\{\{\s*args\s*\}\}|(?:^|\s)!`|!\{|^prompt\s*=", re.MULTILINE)
_COMMAND_FIELDS: Final = ("allowed-tools", "argument-hint", "disable-model-invocation", "agent", "model")
_LARGEST: Final = 1 << 20
_GLOB: Final = re.compile(r"\*\*/|\*|\{|\}|,|[^*{},]+")
_GLOB_PARTS: Final = {"**/": "(?:.*/)?", "*": "[^/]*", "{": "(?:", "}": ")", ",": "|"}


class _Places(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    globs: tuple[str, ...]
    exact: tuple[str, ...] = ()


def writing_kind(source: Source) -> str | None:
    """``skill``, ``command``, ``agent`` or ``rules-file`` for a text that an agent follows; None for any other."""
    for kind, place in _table():
        if place.search(source.place):
            return kind
    found = _PLUGIN_PARTS.search(source.place)
    return _plugin_part(source, found) if found is not None and len(source.data) <= _LARGEST else None


def agent_file_kind(source: Source) -> str | None:
    """``agent`` for an agent that is written in JSON."""
    return "agent" if _AGENT_FILE.search(source.place) else None


def _plugin_part(source: Source, found: "re.Match[str]") -> str | None:
    """A plugin's ``commands/`` and ``agents/`` have ordinary names: what is in the file decides."""
    is_agent = found[1].lower().startswith("agent")
    if found[2].lower() == "toml":
        return None if is_agent or not _ARGUMENTS.search(source.text) else "command"
    fields = front_matter(source.text).fields
    if is_agent:
        return "agent" if fields.has("name", "description") else None
    spoken = any(fields.has(key) for key in _COMMAND_FIELDS)
    return "command" if spoken or _ARGUMENTS.search(source.text) else None


@functools.cache
def _table() -> tuple[tuple[str, "re.Pattern[str]"], ...]:
    raw = files("clearance.observe.static.extensions").joinpath("places.toml").read_bytes()
    rows = []
    for kind, places in msgspec.toml.decode(raw, type=dict[str, _Places]).items():
        folded = "|".join(map(_as_pattern, places.globs))
        exact = "|".join(map(_as_pattern, places.exact))
        rows.append((kind, re.compile(rf"(?:^|/)(?:(?i:{folded}){f'|{exact}' if exact else ''})\Z")))
    return tuple(rows)


def _as_pattern(glob: str) -> str:
    return "".join(_GLOB_PARTS.get(part) or re.escape(part) for part in _GLOB.findall(glob))
