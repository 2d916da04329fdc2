"""Packages inside a bundled script: banners, paths of modules, and manifests that were bundled too.

1. ``/*! lodash 4.17.21 */``, ``/** @license React v17.0.2``, and esbuild's list of licences at the end of a file.
2. ``// node_modules/zod/lib/index.mjs`` before a module, ``"node_modules/ms/index.js"(exports`` as a module's key. The
   same words within other strings say nothing.
3. ``{name:"gaxios",version:"6.7.1",description:…,license:…``: the name comes first, and two more fields of
   a manifest make it one.
4. A package with a version is not listed again without one.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.model.contents import BundledPackage

_BANNER: Final = re.compile(
    rb"/\*(?:[*!][\s*]*@(?:license|preserve)|!)[\s*]{0,40}(?:@(?:license|preserve)\s+)?(?:https?://[\w./-]*/)?"
    rb"([@A-Za-z][\w@.-]{0,60}(?:/[\w.-]{1,60})?)(?:[ \t]+-)?[ \t]+"
    rb"[vV]?(\d{1,4}\.\d{1,6}(?:\.\d{1,8})?(?:-[\w.]{1,30})?)(?![\w/])"
)
_SIGNED: Final = re.compile(rb"/\*! ([a-z][\w.-]{1,60})\. (MIT|ISC|Apache-2\.0|BSD)[\w. -]{0,20} License\.")
_LIST: Final = re.compile(rb"/\*! Bundled license information:\s")
_LISTED: Final = re.compile(rb"^((?:@[\w.~-]{1,100}/)?[\w~-][\w.~-]{0,100})/[^\n:]{1,300}:\r?$", re.MULTILINE)
_LONGEST_LIST: Final = 512 << 10
_MODULE: Final = re.compile(rb"node_modules/((?:[^\s\"'`()\\<>|*?{};,/]{1,200}/){1,40}[^\s\"'`()\\<>|*?{};,/]{1,200})")
_NAME: Final = re.compile(rb"(?:@[\w~-][\w.~-]{0,100}/)?[\w~-][\w.~-]{0,100}\Z")
_STORE: Final = re.compile(rb"\.(?:pnpm|bun)/(?:@[\w.~-]+\+)?[\w.~-]+@(\d+\.\d+\.\d+(?:-[\w.-]+)?)[^/]*/\Z")
_BEFORE: Final = re.compile(rb"(?:^|\n)[ \t]*//[ \t]*[\w./@+~-]*\Z|[\"'`](?:[\w./@+~-]*/)?\Z")
_VERSION: Final = re.compile(rb"version[\"']?\s{0,4}:\s{0,40}[\"'`](\d{1,6}\.\d{1,6}\.\d{1,8}[\w.+-]{0,40})[\"'`]")
_NAMED: Final = re.compile(
    rb"\{\s{0,80}[\"']?name[\"']?\s{0,4}:\s{0,4}[\"'`]((?:@[\w.~-]{1,100}/)?[\w.~-]{1,100})[\"'`]"
)
_FIELDS: Final = re.compile(
    rb"[{,]\s{0,80}[\"']?(description|main|license|repository|homepage|bugs|dependencies|devDependencies|scripts|exports"
    rb"|author|keywords|types|module|files|engines|sideEffects|publishConfig)[\"']?\s{0,4}:"
)
_LICENCE: Final = re.compile(rb"[\"']?license[\"']?\s{0,4}:\s{0,4}[\"'`]([\w .()+-]{1,60})[\"'`]")
_NO_NAMES: Final = frozenset(
    "copyright license licensed version v http https npm bundled generated built by the all see for and file".split()
)
_WINDOW: Final = 1600
_MOST: Final = 5000
_MOST_VERSIONS: Final = 4000

Seen = tuple[str, str, str, str]
"""Name, version, how found, licence."""


def identify_bundled(data: bytes | memoryview, path: str = "") -> Iterable[BundledPackage]:
    """Packages of npm that a script's bytes show, by name; ``path`` is the member's."""
    seen: dict[tuple[str, str], Seen] = {}
    for row in (*_manifests(data), *_banners(data), *_modules(data)):
        seen.setdefault(row[:2], row)
        if len(seen) >= _MOST:
            break
    versioned = {name for name, version in seen if version}
    for name, version, how, licence in sorted(seen.values()):
        if version or name not in versioned:
            yield BundledPackage(name=name, version=version, ecosystem="npm", licence=licence, found_by=how, path=path)


def _banners(data: bytes | memoryview) -> Iterator[Seen]:
    for match in _BANNER.finditer(data):
        name = match[1].decode().lower().removesuffix(".js") if match[1][:1] != b"@" else match[1].decode().lower()
        if name.rstrip(".") not in _NO_NAMES and not name.startswith("@license"):
            yield name.rstrip("."), match[2].decode(), "banner", ""
    for match in _SIGNED.finditer(data):
        yield match[1].decode(), "", "banner", match[2].decode()
    at = 0
    while (head := _LIST.search(data, at)) is not None:
        block = bytes(data[head.end() : head.end() + _LONGEST_LIST]).partition(b"*/")[0]
        yield from ((listed[1].decode(), "", "banner", "") for listed in _LISTED.finditer(block))
        at = head.end() + len(block)


def _modules(data: bytes | memoryview) -> Iterator[Seen]:
    known: set[bytes] = set()
    for match in _MODULE.finditer(data):
        outer, _, inner = match[1].rpartition(b"node_modules/")
        parts = inner.split(b"/", 2)
        name = b"/".join(parts[: 2 if parts[0][:1] == b"@" else 1])
        if (key := outer + name) in known or not _NAME.match(name) or len(parts) < 2:
            continue
        if _is_module(data, match):
            known.add(key)
            store = _STORE.search(outer)
            yield name.decode(), store[1].decode() if store else "", "module path", ""


def _is_module(data: bytes | memoryview, match: "re.Match[bytes]") -> bool:
    """Whether the path stands in a comment of its own, or is the key of a module's function."""
    before = _BEFORE.search(bytes(data[max(0, match.start() - 300) : match.start()]))
    if before is None:
        return False
    after = bytes(data[match.end() : match.end() + 2])
    if before[0][:1] in b"\"'`":
        return after[1:2] in (b"(", b":") and after[:1] == before[0][:1]
    return after[:1] in (b"\n", b"\r", b"")


def _manifests(data: bytes | memoryview) -> Iterator[Seen]:
    for match in itertools.islice(_VERSION.finditer(data), _MOST_VERSIONS):
        before = bytes(data[max(0, match.start() - _WINDOW) : match.start()])
        after = bytes(data[match.end() : match.end() + _WINDOW])
        named = [n for n in _NAMED.finditer(before) if _is_level(before[n.end() :])]
        fields = {f[1] for f in _FIELDS.finditer(before[named[-1].start() :] + b"{," + after)} if named else set()
        if len(fields) >= 2:
            licence = _LICENCE.search(after)
            yield named[-1][1].decode(), match[1].decode(), "manifest", licence[1].decode() if licence else ""


def _is_level(between: bytes) -> bool:
    """Whether a name and a version belong to the same table."""
    return between.count(b"{") == between.count(b"}") and between.count(b"[") == between.count(b"]")
