"""How a release is made, published and installed: what its manifests say, and which packages are inside it."""

import functools
import re
from collections.abc import Callable
from typing import Final

from clearance.model.contents import BundledPackage, Dependency, SupplyFact
from clearance.observe.static.supply.banners import identify_bundled
from clearance.observe.static.supply.client_settings import client_settings
from clearance.observe.static.supply.dist_info import dist_info, inside_boms
from clearance.observe.static.supply.found import Found, Manifest
from clearance.observe.static.supply.locks import locks
from clearance.observe.static.supply.npm_manifest import gyp, npm_manifest
from clearance.observe.static.supply.python_project import python_project
from clearance.observe.static.supply.python_setup import python_setup
from clearance.observe.static.supply.python_start import python_start

__all__ = ["bundled", "dependencies", "identify_bundled", "supply_facts"]

_READERS: Final[tuple[Callable[[Manifest], Found], ...]] = (
    npm_manifest,
    gyp,
    locks,
    client_settings,
    python_project,
    python_setup,
    python_start,
    dist_info,
    inside_boms,
)
_NAMES: Final = re.compile(
    r"(?:^|/)(?:package\.json|binding\.gyp|(?:\.?package-lock|npm-shrinkwrap)\.json|(?:yarn|uv|poetry|pdm)\.lock|\.npmrc"
    r"|\.yarnrc(?:\.yml)?|pip\.(?:conf|ini)|\.pypirc|bunfig\.toml|\.?pnpmfile\.[cm]?js|pyproject\.toml|setup\.(?:py|cfg)"
    r"|[^/]*requirements?[^/]*\.(?:txt|in)|requirements/[^/]+|constraints[^/]*|[^/]+\.pth|(?:site|user)customize[^/]*"
    r"|[^/]+\.(?:dist|egg)-info/[^/]+|PKG-INFO|[^/]*(?:\.cdx|bom)\.json)\Z",
    re.IGNORECASE,
)
"""Files that any reader reads: the others, bundles of many megabytes among them, are not even decoded."""


def supply_facts(path: str, data: bytes) -> tuple[SupplyFact, ...]:
    """What a file says of installation, publication and origin, each once. No bytes make it raise."""
    return tuple(dict.fromkeys(fact for found in _read(path, data) for fact in found.facts))


def dependencies(path: str, data: bytes) -> tuple[Dependency, ...]:
    """What a manifest or lock file wants to be installed; packages that only its makers need are left out."""
    return tuple(dict.fromkeys(item for found in _read(path, data) for item in found.dependencies))


def bundled(path: str, data: bytes) -> tuple[BundledPackage, ...]:
    """The packages that a manifest says are here."""
    return tuple(dict.fromkeys(item for found in _read(path, data) for item in found.packages))


def _read(path: str, data: bytes) -> tuple[Found, ...]:
    return _read_once(path, data) if _NAMES.search(path) else ()


@functools.lru_cache(maxsize=1)
def _read_once(path: str, data: bytes) -> tuple[Found, ...]:
    """The three questions are asked of one file after another: it is read for the first."""
    manifest = Manifest(path, data)
    return tuple(reader(manifest) for reader in _READERS)
