"""Hosts in commands, and how odd it is to send to them or to run what comes from them."""

import functools
import re
from importlib.resources import files
from typing import Final

import msgspec

_URL: Final = re.compile(
    r"(?i)\b(?:https?|ftps?|sftp|ssh|git|ws|wss|tcp|udp|ldap|smb|s3|gs|scp|"
    r"rsync)://(?:[^/@\s\"']{1,200}@)?([^/\s:\"'?#)|;&<>]{1,253})"
)
_ADDRESS: Final = re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$|^\[?[0-9a-f:]{3,}\]?$|^0x[0-9a-f]{8}$|^\d{8,10}$")
_BARE: Final = re.compile(
    r"^(?:[\w.-]{1,64}@)?((?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24}|(?:\d{1,3}\.){3}\d{1,3}|"
    r"localhost)(?::\d{1,5})?(?:[/?].*)?$",
    re.IGNORECASE,
)
_FILE: Final = re.compile(
    r"\.(?:m?jsx?|tsx?|json|txt|html?|css|xml|ya?ml|toml|cfg|conf|log|csv|sql|exe|dll|jar|tar|gz|tgz|php|cpp|java|lock|"
    r"bak|tmp|png|jpe?g|pdf|docx?|xlsx?|pem|env|ini|wasm|deb|rpm|ps1|bat|cmd|vbs)$"
)
"""Endings of files that are no domains."""
_INSIDE: Final = re.compile(r"^(?:localhost|127\.|0\.0\.0\.0|::1|\[::1\]|host\.docker\.internal)")
_NEAR: Final = re.compile(r"^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)")


class _Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    publishers: tuple[str, ...]
    """Where developers' programs are published by those who make them."""
    drops: tuple[str, ...]
    """Where anybody can receive without an account that says who."""
    metadata: tuple[str, ...]
    """Where clouds tell a machine its identity, its settings and its keys."""
    registries: tuple[str, ...]
    """Where images of containers are kept for those who log in."""
    mirrors: tuple[str, ...]
    """What tells whoever asks their own address and country."""


@functools.cache
def _sheet() -> _Sheet:
    return msgspec.toml.decode(
        files("clearance.detect.commands").joinpath("destinations.toml").read_bytes(), type=_Sheet
    )


@functools.lru_cache(maxsize=4096)
def hosts_in(text: str) -> tuple[str, ...]:
    """Every host that a word names, in order, lower case."""
    found = [m.group(1).lower().rstrip(".") for m in _URL.finditer(text[:4096])]
    if not found and (bare := _BARE.match(text[:512])):
        found = [bare.group(1).lower()] if not _FILE.search(bare.group(1).lower()) else []
    return tuple(dict.fromkeys(found))


def _ends(host: str, names: tuple[str, ...] | frozenset[str]) -> bool:
    return any(host == name or host.endswith("." + name) for name in names)


def weight_of_host(host: str, trusted: frozenset[str]) -> float:
    """-1 for a trusted host, about 0 for any other, up to 1 for one where anybody can receive."""
    if _ends(host, trusted) or _INSIDE.match(host):
        return -1.0
    if _ends(host, _sheet().drops):
        return 1.0
    if _ADDRESS.match(host):
        return 0.2 if _NEAR.match(host) else 0.8
    return 0.1


def tells_who(host: str) -> bool:
    """Whether a cloud's own address answers there, with the keys of the machine."""
    return _ends(host, _sheet().metadata)


def tells_where(host: str) -> bool:
    """Whether it tells a machine its address as the internet sees it."""
    return _ends(host, _sheet().mirrors)


def is_registry(host: str, trusted: frozenset[str] = frozenset()) -> bool:
    """Whether images and packages are kept there for those who log in."""
    return _ends(host, _sheet().registries) or _ends(host, trusted) or _INSIDE.match(host) is not None


def published(url: str, trusted: frozenset[str] = frozenset()) -> bool:
    """Whether what lies there was published by those who make a developer's tool, or the user trusts the host."""
    hosts = hosts_in(url)
    return bool(hosts) and all(_ends(h, _sheet().publishers) or _ends(h, trusted) or _INSIDE.match(h) for h in hosts)


def is_address(host: str) -> bool:
    """Whether a host is a number instead of a name."""
    return _ADDRESS.match(host) is not None and _INSIDE.match(host) is None
