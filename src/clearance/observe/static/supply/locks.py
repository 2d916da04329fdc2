"""Lock files: exact versions, and the places that packages are fetched from when it is not their registry.

Of many packages from one host there is one fact: a company's mirror is a choice, a single odd row is not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from clearance.observe.static.documents.node import Node
from clearance.observe.static.supply.found import Found, Manifest, listed

_NPM: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json", ".package-lock.json"})
_TOML: Final = frozenset({"uv.lock", "poetry.lock", "pdm.lock"})
_REGISTRIES: Final = frozenset({"registry.npmjs.org", "registry.yarnpkg.com", "pypi.org", "files.pythonhosted.org"})
_YARN: Final = re.compile(
    r"^\"?((?:@[^@\s\"/]{1,200}/)?[^@\s\",]{1,200})@[^\n]{0,2000}:\n((?:[ \t]+[^\n]*\n)+)", re.MULTILINE
)
_RESOLVED: Final = re.compile(r"^[ \t]+resolved[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_VERSION: Final = re.compile(r"^[ \t]+version:?[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_DEEPEST: Final = 12

Row = tuple[str, str, str, str]
"""Name, version, address (empty: the registry's), kind."""


def locks(manifest: Manifest) -> Found:
    """Rows of a lock file of npm, yarn, uv, poetry or pdm; packages that only makers need are left out."""
    found = Found()
    if manifest.name in _NPM:
        rows, ecosystem = list(_npm(manifest.json)), "npm"
    elif manifest.name == "yarn.lock":
        rows, ecosystem = list(_yarn(manifest.text)), "npm"
    elif manifest.name in _TOML:
        rows, ecosystem = list(_toml(manifest.toml)), "PyPI"
    else:
        return found
    hosts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, version, address, kind in rows:
        found.dependencies.append(manifest.dependency(name, version, ecosystem, kind))
        if host := _host_elsewhere(address):
            hosts[host].append((name, address))
    for named in hosts.values():
        found.facts.append(manifest.fact("dependency-elsewhere", listed(name for name, _ in named), named[0][1]))
    return found


def _host_elsewhere(address: str) -> str:
    """What rows from the same place have in common; empty for a registry and for what is not fetched."""
    if not address or address.startswith(("npm:", "workspace:")):
        return ""
    try:
        at = urlsplit(address)
        host = at.hostname or ""
    except ValueError:
        return address
    if at.scheme == "https" and host in _REGISTRIES:
        return ""
    return f"{at.scheme}:{host}" if at.scheme else address


def _npm(value: Node) -> Iterator[Row]:
    for path, entry in value.items("packages"):
        name = entry.text("name") or path.rpartition("node_modules/")[2]
        if path and not entry.is_on("dev"):
            address = f"file:{entry.text('resolved')}" if entry.is_on("link") else entry.text("resolved")
            yield name, entry.text("version"), "" if entry.is_on("link") else address, _kind(entry)
    if not value.items("packages"):
        yield from _npm_old(value, 0)


def _npm_old(value: Node, depth: int) -> Iterator[Row]:
    """The form before version 2, where packages lie in one another."""
    for name, entry in value.items("dependencies"):
        if not entry.is_on("dev"):
            address = entry.text("resolved") or (entry.text("version") if ":" in entry.text("version") else "")
            yield name, entry.text("version"), address, _kind(entry)
        if depth < _DEEPEST:
            yield from _npm_old(entry, depth + 1)


def _kind(entry: Node) -> str:
    if entry.is_on("optional"):
        return "optional"
    return "peer" if entry.is_on("peer") else "runtime"


def _yarn(text: str) -> Iterator[Row]:
    for match in _YARN.finditer(text):
        version, resolved = _VERSION.search(match[2]), _RESOLVED.search(match[2])
        if version is not None:
            yield match[1], version[1], resolved[1] if resolved else "", "runtime"


def _toml(value: Node) -> Iterator[Row]:
    for package in value.each("package"):
        source = package.at("source")
        address = next((source.text(key) for key in ("git", "url", "directory", "path") if source.text(key)), "")
        if source.text("type") in {"git", "url", "directory", "file"}:
            address = source.text("url")
        if not (source.text("editable") or source.text("virtual")):
            yield package.text("name"), package.text("version"), address, "runtime"
