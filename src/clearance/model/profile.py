"""A profile: how to get and drive one assistant headlessly, as data."""

import enum

import msgspec

from clearance.model.release import SourceType


class Dialect(enum.StrEnum):
    """The model APIs that assistants speak."""

    ANTHROPIC_MESSAGES = "anthropic-messages"
    OPENAI_CHAT = "openai-chat"
    OPENAI_RESPONSES = "openai-responses"
    GEMINI = "gemini"


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the assistant comes from."""

    type: SourceType
    name: str = ""
    """The package's name in its registry; empty for ``path``."""
    version: str = "latest"
    """What ``clearance vet ID`` without ``@version`` takes."""


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another way to run releases that look different inside (a native build beside a JavaScript one)."""

    when_file: str
    """Glob relative to ``{package}``; the first variant whose file exists is taken."""
    command: tuple[str, ...]
    runtime: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to drive it without a person.

    Placeholders in ``command``, ``env`` and ``files``: ``{package}`` (folder of the unpacked release), ``{prompt}``,
    ``{api_key}``, ``{base_url}``, ``{home}``, ``{project}``.
    """

    command: tuple[str, ...]
    api: Dialect
    env: dict[str, str] = {}
    base_url_env: tuple[str, ...] = ()
    """Variables that exist only when a custom base URL is staged. Empty: every variable of ``env`` whose value
    holds ``{base_url}``."""
    vendor_base_url: str = ""
    """What the tool uses when nobody sets a base URL, as a URL; empty: the dialect's own vendor."""
    base_url_path: str = ""
    """Path that a custom base URL needs (``/v1``)."""
    files: dict[str, str] = {}
    """First-run files: path in the room (``{home}/.tool/config.json``) to content."""
    files_with_base_url: dict[str, str] = {}
    """The same, but these replace or join ``files`` only when a custom base URL is staged."""
    executable: tuple[str, ...] = ()
    """Globs relative to ``{package}`` that need the run bit."""
    runtime: str = ""
    """``node@22`` (from npm, pinned by digest) or empty."""
    variants: tuple[Variant, ...] = ()
    wall_s: float = 60.0
    """Seconds after which a run counts as timed out."""
    memory_mb: int = 2048


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One assistant."""

    id: str
    title: str
    source: Source
    run: Run | None = None
    """Absent: the assistant cannot be driven without an account; ``gap`` says why."""
    vendor: str = ""
    gap: str = ""
    purposes: dict[str, str] = {}
    """Host name (or ``*.suffix``) to purpose, for the table of endpoints: facts from the vendor's documentation."""
