"""What can still be said of a settings file that is not what its name says: assistants may be more lenient than we."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.extensions.settings import is_settings
from clearance.observe.static.extensions.source import Source

_PAIR: Final = re.compile(
    r"[\"']?([A-Za-z][\w.-]{0,60})[\"']?\s{0,20}[:=]\s{0,20}([\"'])((?:(?!\2)[^\\\n]|\\.){1,2000})\2"
)
_COMMANDS: Final = frozenset({"command", "cmd", "bash", "powershell", "notify"}) | frozenset(
    {f"{step}Command" for step in ("initialize", "onCreate", "updateContent", "postCreate", "postStart", "postAttach")}
)
_KINDS: Final = (
    ("mcp-server", re.compile(r"mcp|server\.json|manifest\.json|smithery|claude_desktop_config", re.IGNORECASE)),
    ("plugin", re.compile(r"-plugin/|-extension\.json", re.IGNORECASE)),
    ("hook", re.compile(r"hooks?\b", re.IGNORECASE)),
)
_OWN: Final = re.compile(
    r"(?:^|/)(?:\.?mcp[\w.-]*\.jsonc?|claude_desktop_config\.json|smithery\.ya?ml|[\w-]+-extension\.json"
    r"|\.[\w-]+-plugin/[^/]+\.json|[\w-]*hooks\.jsonc?|\.?devcontainer\.json|\.vscode/tasks\.json)\Z",
    re.IGNORECASE,
)
_LARGEST: Final = 256 << 10


def salvage(source: Source) -> Iterator[Extension]:
    """One fact with the commands that stand in the text, for a file at a place that assistants read."""
    if not (_OWN.search(source.place) or is_settings(source)):
        return
    pairs = [(match[1], match[3]) for match in _PAIR.finditer(source.text[:_LARGEST])]
    kind = next((kind for kind, place in _KINDS if place.search(source.place)), "settings")
    yield source.fact(
        kind,
        source.name,
        commands=[text for key, text in pairs if key in _COMMANDS],
        permissions=[f"{key}: {text}" for key, text in pairs if key.endswith(("Mode", "_policy", "_mode", "BASE_URL"))],
        text=source.text[:_LARGEST],
    )
