"""Threats in text that an assistant reads, writes or sends: where it came from, what was seen, and at which bytes."""

import enum

import msgspec


class SpanChannel(enum.StrEnum):
    """Where a span of text comes from, which says what may stand in it and how much it is trusted."""

    USER_PROMPT = "user-prompt"
    SYSTEM_PROMPT = "system-prompt"
    TOOL_DEFINITION = "tool-definition"
    """Names, descriptions and schemas of tools, those of MCP servers included."""
    FILE_RESULT = "file-result"
    """A tool's answer that holds a file of the project."""
    WEB_RESULT = "web-result"
    COMMAND_RESULT = "command-result"
    MCP_RESULT = "mcp-result"
    ASSISTANT_TEXT = "assistant-text"
    TOOL_CALL = "tool-call"
    COMMAND = "command"
    """A tool call that is a line for a shell."""
    SKILL = "skill"
    """Skills, rules files, commands and agents: text that instructs by its purpose."""
    OUTBOUND_BODY = "outbound-body"


class ThreatKind(enum.StrEnum):
    """What a span is, or tries."""

    INJECTION = "injection"
    """Text from elsewhere that gives the assistant orders."""
    JAILBREAK = "jailbreak"
    CYBER_MISUSE = "cyber-misuse"
    EXFILTRATION = "exfiltration"
    HIDDEN_TEXT = "hidden-text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    COMMAND = "command"
    USER_RULE = "user-rule"
    """A rule that the user brought matched; what it looks for is the user's to say."""


class MisuseTier(enum.StrEnum):
    """How a request about security is to be treated, the worst first."""

    PROHIBITED = "prohibited"
    HIGH_RISK_DUAL_USE = "high-risk dual use"
    LOW_RISK_DUAL_USE = "low-risk dual use"
    BENIGN = "benign"


class ThreatSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The span of the original bytes that a finding is about, and what was made of it."""

    threat: ThreatKind
    channel: SpanChannel
    start: int
    """First byte in the original."""
    end: int
    """The byte behind the last one."""
    view: str = ""
    """What was judged, where it is not the original itself: decoded, without invisible characters."""
    decoded_by: tuple[str, ...] = ()
    """From the outside in: ``base64``, ``gzip``."""
    tier: MisuseTier | None = None
    probability: float | None = None
    """Calibrated, 0 to 1; None where a rule saw it."""
    version: str = ""
    """Of the rule set or the model, by digest."""
