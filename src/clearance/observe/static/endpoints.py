"""Hosts that a release names: in URLs anywhere, and bare in short literals; with who runs them, as far as is known.

A bare name counts only where it can be no file, property or reversed package name (``service.name``,
``com.example.app``): such a list would bury the hosts.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from ipaddress import ip_address
from typing import Final

import msgspec
import numpy as np

from clearance.model.contents import MOST_PLACES, Endpoint, Language, Where
from clearance.observe.static.script import LiteralKind, Script

_URL: Final = re.compile(
    rb"(https?|wss?)://((?:[A-Za-z0-9_~-]+\.)*[A-Za-z0-9_~-]+|\[[0-9a-fA-F:.]{2,45}\])(?::(\d{1,5}))?"
    rb"(/[^\s\"'`<>\\(){}|^,;\x00-\x20\x7f-\xff]{0,120})?"
)
_BARE: Final = re.compile(
    rb"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,18})(?::(\d{2,5}))?(/[\w./-]{0,80})?"
)
_TOPS: Final = frozenset(
    """com org net io dev ai app cloud co us eu uk de fr cn jp kr in ru ch nl se no fi dk pl it es pt br mx ca au nz sg
    hk tw ir il ae sa tr ua za id vn th my ph gov edu mil int info biz tech xyz online site top ly sh gg
    tv cc""".split()
)
_REVERSED: Final = frozenset("com org net io dev app edu gov react dalvik android java javax kotlin".split())
"""First labels of reversed package names."""
_FILES: Final = frozenset("sh cc id in co pl it py no my th".split())
"""Tops that files, languages and properties end in too: with two labels only such a name is no host."""
_PURPOSES: Final = (
    (
        r"telemetry|metrics|/events?\b|event_logging|analytics|/v1/(?:traces|logs)|otlp|rum\b|sentry|/track\b",
        "telemetry",
    ),
    (r"oauth|/login|/authorize|/token\b|device/code|\bsso\b|^auth|^login|^sts\.", "sign-in"),
    (r"feature|flag|experiment|growthbook|statsig", "feature flags"),
    (r"/releases|/update|/latest|\bdownloads?\b|install\.(?:sh|ps1)", "update"),
    (r"/v1/messages|/chat/completions|/v1/responses|generateContent|/compatible-mode|^api\..*/v\d", "model API"),
    (r"^docs?\.|/docs?/|readme|\.md$|/wiki|^help\.|^support\.", "documentation"),
)
_BINARY: Final = frozenset({Language.NATIVE, Language.BYTECODE})
_MOST_PATHS = 10


class _Owners(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    domains: dict[str, tuple[str, str]]


def endpoints(
    data: bytes | memoryview, member: int, *, language: Language, script: Script | None
) -> Iterator[Endpoint]:
    """One for each host, scheme and port; comments are left out."""
    found: dict[tuple[str, str, int], list[int]] = {}
    paths: dict[tuple[str, str, int], Counter[str]] = {}
    matches = [(m, (m.group(1) or b"").decode(), m.group(2), m.group(3), m.group(4)) for m in _URL.finditer(data)]
    if script is not None and matches:
        holders = script.in_literals(np.fromiter((m.start() for m, *_ in matches), np.int64, len(matches)))
        comment = [h >= 0 and script.kinds[h] == LiteralKind.COMMENT for h in holders.tolist()]
        matches = [row for row, is_comment in zip(matches, comment, strict=True) if not is_comment]
    for match, scheme, host, port, path in matches:
        if (name := _host(host)) is not None and not (language in _BINARY and _garbled(name)):
            _take(found, paths, (name, scheme, int(port or 0)), match.start(), path)
    if script is not None:
        for offset, host, port, path in _bare_hosts(script):
            _take(found, paths, (host, "", port), offset, path)
    for (host, scheme, port), offsets in found.items():
        seen = tuple(path for path, _ in paths[host, scheme, port].most_common(_MOST_PATHS))
        owner, purpose = owner_of(host, seen)
        yield Endpoint(
            host=host,
            scheme=scheme,
            port=port,
            owner=owner,
            purpose=purpose,
            paths=seen,
            count=len(offsets),
            places=tuple(Where(member=member, offset=o) for o in offsets[:MOST_PLACES]),
        )


def hosts_in(text: bytes) -> tuple[str, ...]:
    """Hosts of the URLs in a string of compiled code, or the host that it is; those with an unknown top are none."""
    if (bare := _BARE.fullmatch(text)) and _is_bare_host(name := bare.group(1).decode(), explicit=False):
        return (name,)
    names = (_host(match.group(2)) for match in _URL.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name is not None and not _garbled(name)))


def _garbled(name: str) -> bool:
    """In binary a host runs into what lies behind it: one with an unknown top is no host."""
    top = name.rpartition(".")[2]
    return top.isalpha() and top not in _TOPS and name != "localhost"


def _take(
    found: dict[tuple[str, str, int], list[int]],
    paths: dict[tuple[str, str, int], Counter[str]],
    key: tuple[str, str, int],
    offset: int,
    path: bytes | None,
) -> None:
    found.setdefault(key, []).append(offset)
    counted = paths.setdefault(key, Counter())
    text = (path or b"").decode("utf-8", "replace").partition("?")[0].rstrip(".:)")
    if len(text) > 1 and len(counted) < 1000:
        counted[text] += 1


def _host(raw: bytes) -> str | None:
    """A name with a known top, an address, or ``localhost``; None for pieces of templates and the like."""
    text = raw.decode("ascii", "replace").lower().rstrip(".")
    if text.startswith("["):
        text = text[1:-1]
    if text[:1].isdigit() or ":" in text:
        try:
            return str(ip_address(text))
        except ValueError:
            return None
    if text == "localhost":
        return text
    _, dot, top = text.rpartition(".")
    return text if dot and len(top) >= 2 and top.isalpha() else None


def _bare_hosts(script: Script) -> Iterator[tuple[int, str, int, bytes | None]]:
    sizes = script.ends - script.starts
    wanted = np.flatnonzero((script.kinds <= LiteralKind.TEMPLATE) & (sizes >= 4) & (sizes <= 100))
    data = script.data
    for start, end in zip(script.starts[wanted].tolist(), script.ends[wanted].tolist(), strict=True):
        match = _BARE.fullmatch(data, start, end)
        if match is not None and _is_bare_host(
            match.group(1).decode(), explicit=bool(match.group(2) or match.group(3))
        ):
            yield start, match.group(1).decode(), int(match.group(2) or 0), match.group(3)


def _is_bare_host(name: str, *, explicit: bool) -> bool:
    labels = name.split(".")
    if labels[0] in _REVERSED or labels[-1] not in _TOPS:
        return False
    return explicit or len(labels) > 2 or labels[-1] not in _FILES


def owner_of(host: str, paths: tuple[str, ...] = ()) -> tuple[str, str]:
    """Who runs a host and what for, by its longest known suffix and then by its words; empty where unknown."""
    table = _owners()
    labels = host.split(".")
    owner = purpose = ""
    for at in range(len(labels)):
        if (row := table.get(".".join(labels[at:]))) is not None:
            owner, purpose = row
            break
    if not purpose and _is_local(host):
        purpose = "local"
    said = [f"{host}{path}" for path in paths] or [host]
    purpose = purpose or next((name for pattern, name in _PURPOSES if any(re.search(pattern, s) for s in said)), "")
    return owner, purpose


def _is_local(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost", ".invalid", ".test"))
    return not address.is_global


@functools.cache
def _owners() -> dict[str, tuple[str, str]]:
    text = files("clearance.observe.static").joinpath("owners.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Owners).domains
