"""Settings of package clients that lie in a folder: other registries, and programs that clients run because of them."""

import re
from typing import Final
from urllib.parse import urlsplit

from clearance.observe.static.supply.found import Found, Manifest

_SETTING: Final = re.compile(r"^[ \t]*([\w@:/.-]{1,200}?)[ \t]*[=:][ \t]*[\"']?([^\n\"']{1,1000})", re.MULTILINE)
_FILES: Final = frozenset({".npmrc", "pip.conf", "pip.ini", ".yarnrc", ".yarnrc.yml", ".pypirc", "bunfig.toml"})
_PROGRAMS: Final = frozenset(
    {"script-shell", "git", "node-options", "onload-script", "yarnPath", "yarn-path", "init-module", "preload"}
)
_ADDRESSES: Final = frozenset({"registry", "index-url", "extra-index-url", "find-links", "npmRegistryServer"})
_HOOKS: Final = frozenset({".pnpmfile.cjs", ".pnpmfile.js", ".pnpmfile.mjs", "pnpmfile.js"})
_USUAL: Final = frozenset({"registry.npmjs.org", "registry.yarnpkg.com", "pypi.org"})


def client_settings(manifest: Manifest) -> Found:
    """What clients are told to ask or to run; what is usual is left out."""
    found = Found()
    if manifest.name in _HOOKS and manifest.is_project:
        detail = f"{manifest.name}: pnpm runs it when it installs"
        found.facts.append(manifest.fact("install-script", manifest.name, detail, manifest.text))
    if manifest.name not in _FILES:
        return found
    for match in _SETTING.finditer(manifest.text):
        key, value = match[1].rpartition(":")[2] or match[1], match[2].strip()
        if key in _PROGRAMS:
            found.facts.append(manifest.fact("install-script", manifest.name, f"{key}: {value}", value))
        elif key in _ADDRESSES and _host(value) not in _USUAL:
            found.facts.append(manifest.fact("registry", match[1], value))
    return found


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return address
