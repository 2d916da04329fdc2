"""What holds for one tool and one audience: decisions after they were decided, ready to be carried to the tools."""

import enum
import re
import unicodedata
from datetime import datetime

import msgspec

from clearance.model.version_span import VersionSpan

_TOOL = re.compile(r"[a-z0-9][a-z0-9-]*")
_URL = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]+(/[!-~]*)?")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Categories of characters that a terminal obeys or does not show."""


class RulingState(enum.StrEnum):
    """Whether the tool may be used."""

    ALLOWED = "allowed"
    CONDITIONAL = "allowed-under-conditions"
    BANNED = "banned"


class Requirement(enum.StrEnum):
    """What has to hold where a tool is allowed under conditions."""

    GATE = "gate"
    """Its traffic goes to the gateway that the ruling names, and nowhere else."""
    MANAGED_SETTINGS = "managed-settings"
    """What a developer configures cannot widen what the company configured."""
    NO_TELEMETRY = "no-telemetry"
    NO_BYPASS = "no-bypass"
    """No mode in which it runs everything without being asked."""
    NO_WEB = "no-web"
    """It does not search or fetch the web on its own."""
    SANDBOX = "sandbox"
    """Commands that it runs are confined."""


class McpServer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An MCP server that may be used: by name and by what it is, a URL or a command."""

    name: str
    url: str = ""
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a server that only a name identifies: whoever configures one chooses its name."""
        if bool(self.url) == bool(self.command):
            raise ValueError(f"MCP server {self.name!r} needs a url or a command, and not both")
        _refuse_unseen("an MCP server", (self.name, self.url, *self.command))
        if not self.name:
            raise ValueError("an MCP server needs a name")


class Ruling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One statement about one tool. Several may hold for it at once: the strictest wins."""

    tool: str
    """``claude-code``, ``codex`` …"""
    state: RulingState
    audience: str = ""
    """Who it is for, in the company's own words (``region:HK``, ``payments``); empty: everybody."""
    exception: bool = False
    """It goes before rulings that are no exceptions, for its audience and while it holds."""
    since: datetime | None = None
    """Holds from this instant on; None: always did."""
    until: datetime | None = None
    """Holds before this instant; None: without end."""
    versions: VersionSpan = VersionSpan()
    """The versions that it allows, or bans; the empty span is all of them."""
    models: tuple[str, ...] = ()
    """Models that may be used, as patterns with ``*``; empty: any."""
    denied_models: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    gateway: str = ""
    """Base URL that its model traffic has to go to."""
    mcp_servers: tuple[McpServer, ...] | None = None
    """The only MCP servers that may be used; none of them when empty; None: not ruled."""
    message: str = ""
    """What a developer is told."""
    replacement: str = ""
    """What to use instead."""
    decisions: tuple[str, ...] = ()
    """Ids of the decision records it follows from, or reasons in words."""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself, and texts that could do more than be read."""
        _refuse_texts(self)
        for instant in (self.since, self.until):
            if instant is not None and instant.tzinfo is None:
                raise ValueError(f"{self.tool}: a time without a zone is no instant; write 2026-12-01T00:00:00Z")
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"{self.tool}: it ends before it begins")
        _refuse_conditions(self)

    def holds_at(self, instant: datetime) -> bool:
        """Whether it is in force."""
        return (self.since is None or self.since <= instant) and (self.until is None or instant < self.until)


def _refuse_texts(ruling: Ruling) -> None:
    if not _TOOL.fullmatch(ruling.tool):
        raise ValueError(f"not a tool: {ruling.tool!r}")
    if ruling.gateway and not _URL.fullmatch(ruling.gateway):
        raise ValueError(f"{ruling.tool}: not a base URL: {ruling.gateway!r}")
    texts = (ruling.audience, ruling.message.replace("\n", " "), ruling.replacement, *ruling.decisions)
    _refuse_unseen(ruling.tool, (*texts, *ruling.models, *ruling.denied_models))


def _refuse_unseen(whose: str, texts: tuple[str, ...]) -> None:
    """Messages reach terminals, and every text some vendor's file."""
    for text in texts:
        if any(unicodedata.category(c) in _UNSEEN for c in text):
            raise ValueError(f"{whose}: control and invisible characters are not allowed: {text!r}")


def _refuse_conditions(ruling: Ruling) -> None:
    conditions = bool(ruling.requirements or ruling.gateway or ruling.models or ruling.denied_models)
    if ruling.state is RulingState.BANNED and (conditions or ruling.exception or ruling.mcp_servers is not None):
        raise ValueError(
            f"{ruling.tool}: a ban has no conditions, models, servers or exceptions; versions and dates only"
        )
    if ruling.state is RulingState.ALLOWED and ruling.requirements:
        raise ValueError(f"{ruling.tool}: with requirements its state is {RulingState.CONDITIONAL.value}")
    if Requirement.GATE in ruling.requirements and not ruling.gateway:
        raise ValueError(f"{ruling.tool}: the requirement gate needs a gateway")


class Rulings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of rulings."""

    format: str
    ruling: tuple[Ruling, ...] = ()

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != "clearance.rulings/1":
            raise ValueError(f"format is {self.format!r}, not clearance.rulings/1")
