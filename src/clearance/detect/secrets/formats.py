"""The table of credentials by provider, from ``formats.toml``."""

import functools
from importlib.resources import files

import msgspec

from clearance.model.finding import Severity


class TokenFormat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token that shows by itself."""

    id: str
    what: str
    find: str
    keywords: tuple[str, ...] = ()
    check: str = ""
    entropy: float = 2.8
    """Bits a character that it has at least; what has less is a placeholder."""
    severity: Severity = Severity.HIGH
    public: bool = False
    open: bool = False
    """Whether it goes on behind the match, however far."""


class AssignedFormat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that shows by the name it is given to."""

    id: str
    what: str
    value: str
    severity: Severity = Severity.HIGH
    public: bool = False


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who gives credentials out, and what they look like."""

    name: str
    names: tuple[str, ...] = ()
    formats: tuple[TokenFormat, ...] = ()
    assigned: tuple[AssignedFormat, ...] = ()


class _Providers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    provider: tuple[Provider, ...]


@functools.cache
def providers() -> tuple[Provider, ...]:
    """Every provider, in file order."""
    text = files("clearance.detect.secrets").joinpath("formats.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Providers).provider
