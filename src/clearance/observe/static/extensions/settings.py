"""Settings of assistants and editors that change what an agent may do, whom it talks to, and what it runs by itself."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import Source, setting
from clearance.observe.static.extensions.trust import trust_in

_PLACES: Final = re.compile(
    r"(?:^|/)(?:\.(?:claude|gemini|qwen|qoder|iflow|copilot|github/copilot|vscode|cursor|zed|amp|codebuddy|factory|augment)/"
    r"(?:settings(?:\.local)?|config|cli-config|cli|remote-settings|managed-settings|trustedFolders|permissions)\.jsonc?"
    r"|managed-settings(?:\.d/[^/]+)?\.json|\.claude\.json|trustedFolders\.json"
    r"|\.?codex/(?:config|managed_config|requirements)\.toml|(?:\.opencode/)?opencode\.jsonc?|\.?crush\.json"
    r"|[^/]+\.code-workspace|(?:Code|Cursor|Windsurf|VSCodium|Code - Insiders)/User/settings\.json"
    r"|\.aider\.conf\.ya?ml|\.continue/config\.(?:json|ya?ml)|\.config/(?:amp|zed|opencode)/[^/]+\.jsonc?"
    r"|cline_mcp_settings\.json|(?:etc/)?(?:gemini-cli|qwen-code)/(?:settings|system-defaults)\.json)\Z",
    re.IGNORECASE,
)
_DOT_ENV: Final = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?\Z")
_ASSIGNED: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?((?:ANTHROPIC|OPENAI|CLAUDE|CODEX|GEMINI|GOOGLE_GEMINI|QWEN|OPENCODE|CURSOR|COPILOT|AIDER"
    r"|DASHSCOPE|MCP)_[A-Z0-9_]+|NODE_OPTIONS|HTTPS?_PROXY|ALL_PROXY|NODE_TLS_REJECT_UNAUTHORIZED)"
    r"[ \t]*=[ \t]*([^\n]*)",
    re.MULTILINE,
)
_OTHERS: Final = ("mcpServers", "mcp_servers", "mcp", "hooks", "context_servers", "projects")
_WRITINGS: Final = ("agent", "command")
"""Texts that stand in OpenCode's settings: facts of their own."""


def is_settings(source: Source) -> bool:
    """Whether an assistant or editor reads its settings from a place like this."""
    return _PLACES.search(source.place) is not None


def settings(source: Source, value: Node) -> Iterator[Extension]:
    """One fact of what the file loosens, redirects or runs; none where it does neither."""
    if not is_settings(source):
        return
    if source.name.endswith(".code-workspace"):
        value = value.at("settings")
    trust = trust_in(value, beside=(*_OTHERS, *(_WRITINGS if source.stem == "opencode" else ())))
    for path, project in value.items("projects"):  # of ~/.claude.json and of Codex
        inner = trust_in(project, beside=_OTHERS)
        trust.permissions += [f"{text} ({path})" for text in inner.permissions]
    if trust:
        yield source.fact(
            "settings",
            source.name,
            commands=trust.commands,
            urls=trust.urls,
            permissions=trust.permissions,
            text="\n".join(trust.texts),
        )


def environment_file(source: Source) -> Iterator[Extension]:
    """Variables that an assistant takes from a ``.env`` file beside the code."""
    if not _DOT_ENV.search(source.place):
        return
    found = [(m[1], m[2].strip().strip("\"'")) for m in _ASSIGNED.finditer(source.text)]
    if found:
        yield source.fact(
            "settings",
            source.name,
            permissions=[setting(f"env.{name}", value) for name, value in found],
            urls=[value for _, value in found if "://" in value],
        )
