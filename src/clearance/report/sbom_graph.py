"""What needs what among the packages of a release, as far as their manifests and places tell.

1. A need of a manifest is met by the package that Node would take: the nearest ``node_modules`` above it; where places
   do not tell, by the only package of that name. A need that several could meet, or none, is no edge.
2. What no package is known to need hangs on the release itself: it is in there.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from clearance.model.contents import BundledPackage, Contents
from clearance.model.release import Release, SourceType

Edges = Mapping[str, tuple[str, ...]]
"""Reference of a component to those of what it needs, all sorted."""
_MODULES: Final = "node_modules/"


def ref_of(package: BundledPackage) -> str:
    """A reference that no other package of the release has."""
    return _ref(package.ecosystem, package.name, package.version)


def root_ref(release: Release) -> str:
    """The reference of the release itself."""
    name = release.artifacts[0].name if release.artifacts else release.assistant
    return _ref(ecosystem_of(release), name, release.version)


def ecosystem_of(release: Release) -> str:
    """Where its name is one: ``npm``, ``PyPI`` or ``generic``."""
    return {SourceType.NPM: "npm", SourceType.PYPI: "PyPI"}.get(release.source, "generic")


def _ref(ecosystem: str, name: str, version: str) -> str:
    kind = {"npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "Go": "golang"}.get(ecosystem, ecosystem.lower())
    ending = f"@{quote(version, safe='')}" if version else ""
    return f"pkg:{quote(kind)}/{quote(_plain(ecosystem, name), safe='/')}{ending}"


def shown_packages(contents: Contents, root: str) -> tuple[BundledPackage, ...]:
    """Each package once, in order of references; the release itself is not among them."""
    found: dict[str, BundledPackage] = {}
    for package in sorted(contents.packages, key=lambda p: (p.path, p.found_by, p.licence)):
        found.setdefault(ref_of(package), package)
    return tuple(found[ref] for ref in sorted(found) if ref != root)


def edges_of(contents: Contents, packages: Iterable[BundledPackage], *, root: str) -> Edges:
    """The graph; every component has its row, and the release reaches all that nobody else does."""
    shown = tuple(packages)
    at = {package.path: ref_of(package) for package in contents.packages if _is_manifest(package)}
    refs = {ref_of(package) for package in shown}
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for package in shown:
        named[package.ecosystem, _plain(package.ecosystem, package.name)].add(ref_of(package))
    found: dict[str, set[str]] = {ref: set() for ref in refs}
    found[root] = set()
    for need in contents.dependencies:
        owner = at.get(need.path, "")
        met = _nearest(at, need.path, need.name) or _only(named[need.ecosystem, _plain(need.ecosystem, need.name)])
        if met in refs and (owner in refs or need.path in at) and met != owner:
            found[owner if owner in refs else root].add(met)
    reached = {ref for others in found.values() for ref in others}
    found[root] |= refs - reached
    return {ref: tuple(sorted(others)) for ref, others in sorted(found.items())}


def _is_manifest(package: BundledPackage) -> bool:
    return package.found_by in {"package.json", "dist-info"}


def _nearest(at: Mapping[str, str], path: str, name: str) -> str:
    """What Node finds from a manifest's place: in its own ``node_modules``, then in those of the folders above."""
    folder = path.removesuffix("package.json") if path.endswith("package.json") else ""
    while folder:
        if (ref := at.get(f"{folder}{_MODULES}{name}/package.json")) is not None:
            return ref
        outer, _, _ = folder.rstrip("/").rpartition("/")
        if (ref := at.get(f"{outer}/{name}/package.json")) is not None and outer.endswith("node_modules"):
            return ref
        folder = f"{outer}/" if outer else ""
    return at.get(f"{_MODULES}{name}/package.json", "") if path.endswith("package.json") else ""


def _only(refs: set[str]) -> str:
    return next(iter(refs)) if len(refs) == 1 else ""


def _plain(ecosystem: str, name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "PyPI" else name
