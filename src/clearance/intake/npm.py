"""npm releases: the package, its platform package and its dependencies, laid out as npm lays them out.

Resolved here and not by the ``npm`` client, so that every archive goes through our own door, its digest is recorded,
other platforms' builds are not downloaded, and no client needs to be installed. Layout: ``node_modules/<name>`` at the
top where it is free, below the package that needs another version where it is not. Install scripts are recorded only.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from clearance.intake import semver
from clearance.intake.cache import Blob
from clearance.intake.errors import UnknownPackage, UnknownVersion, WrongPlatform
from clearance.intake.fetch import Expected
from clearance.intake.machine import Machine
from clearance.intake.npm_registry import Manifest, Packument, Registry, unknown_version
from clearance.intake.placement import Placement
from clearance.model.release import Artifact, Problem

_SCRIPTS = ("preinstall", "install", "postinstall")
_ELSEWHERE = re.compile(r"[a-z+]+:|[\w.-]+/[\w.-]+(#|$)|\.{0,2}/")
"""Git, file, workspace and address dependencies: not the registry's, so nothing vouches for them."""
_MOST_PACKAGES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package at its place in the tree."""

    place: str
    """``node_modules/@scope/name``, or below another package's place."""
    manifest: Manifest
    published: str


@dataclass(slots=True, kw_only=True)
class Resolution:
    """What will be installed, and what could not be found."""

    packages: dict[str, Package] = field(default_factory=dict)
    """By place; the release itself comes first."""
    problems: list[Problem] = field(default_factory=list)


def pick(registry: Registry, name: str, wanted: str) -> tuple[Packument, str]:
    """The package's document and the exact version that ``wanted`` (version, tag or range) means.

    Raises:
        UnknownVersion: nothing fits; near ones are named.
        UnknownPackage, RegistryUnreachable, OfflineMiss: see ``Registry.packument``.
    """
    wanted = wanted.removeprefix("v") if semver.parse(wanted) else wanted
    packument = registry.packument(name, having=wanted)
    version = packument.resolve(wanted)
    if version is None:
        raise unknown_version(packument, wanted)
    return packument, version


def resolve(registry: Registry, packument: Packument, version: str, machine: Machine) -> Resolution:
    """Everything npm would install on ``machine`` for that release, each at its place.

    Raises:
        WrongPlatform: the release itself is not for this machine.
        UnknownVersion, UnknownPackage, RegistryUnreachable, OfflineMiss: a firm dependency cannot be had.
    """
    manifest = packument.manifest(version)
    if not _accepted(manifest, machine):
        raise WrongPlatform(
            f"{packument.name} {version} is not for {machine.platform}.",
            advice=f"It names os {_words(manifest.os)} and cpu {_words(manifest.cpu)}; vet it on such a machine.",
        )
    found = alone(packument, version)
    queue = deque(found.packages.values())
    while queue:
        parent = queue.popleft()
        for name, wanted, optional in parent.manifest.needs:
            package = _need(registry, found, parent, name, wanted, optional=optional, machine=machine)
            if package is not None:
                queue.append(package)
    return found


def alone(packument: Packument, version: str) -> Resolution:
    """The release by itself, whatever it depends on."""
    place = f"node_modules/{packument.name}"
    manifest = packument.manifest(version)
    return Resolution(packages={place: Package(place=place, manifest=manifest, published=packument.published(version))})


def fetch(registry: Registry, found: Resolution) -> tuple[tuple[Placement, ...], tuple[Artifact, ...]]:
    """Every archive in the cache, checked; and what is known of each. The release's own comes first.

    Raises:
        IntegrityMismatch, RegistryUnreachable, OfflineMiss: see ``Fetcher.archive``.
    """
    packages = tuple(found.packages.values())

    blobs = registry.fetcher.archives([_asked(registry, package.manifest) for package in packages])
    placements = tuple(
        Placement(blob=blob, prefix=package.place, strip=1, runs=package.manifest.runs)
        for package, blob in zip(packages, blobs, strict=True)
    )
    return placements, tuple(_artifact(p, b, registry) for p, b in zip(packages, blobs, strict=True))


def _asked(registry: Registry, manifest: Manifest) -> tuple[str, Expected, str]:
    return registry.tarball(manifest.dist), manifest.dist.expected, f"{manifest.name} {manifest.version}"


def install_scripts(found: Resolution, has_file: Callable[[str], bool]) -> tuple[str, ...]:
    """What the packages want run at installation: ``postinstall: node install.js``, dependencies with their name.

    ``has_file`` says whether the tree has a path: npm builds what has a ``binding.gyp`` and no script of its own.
    """
    said: list[str] = []
    for index, package in enumerate(found.packages.values()):
        scripts = {name: text for name, text in (package.manifest.scripts or {}).items() if name in _SCRIPTS}
        if not {"preinstall", "install"} & set(scripts) and has_file(f"{package.place}/binding.gyp"):
            scripts["install"] = "node-gyp rebuild"
        who = f"{package.manifest.name}@{package.manifest.version} " if index else ""
        said += [f"{who}{name}: {scripts[name]}" for name in _SCRIPTS if name in scripts]
    return tuple(said)


def _need(
    registry: Registry, found: Resolution, parent: Package, name: str, wanted: str, *, optional: bool, machine: Machine
) -> Package | None:
    """The package to install for one dependency; None when it is there already or not for us."""
    if optional and not machine.may_want(name, tuple(parent.manifest.optional or {})):
        return None
    target, wanted = _alias(name, wanted)
    there = _visible(found, parent.place, name)
    if there is not None and there.manifest.name == target and _satisfied(there, wanted):
        return None
    if _ELSEWHERE.match(wanted):
        _note(found, name, f"{parent.manifest.name} wants it from {wanted}", kind="not-in-registry")
        return None
    try:
        packument, version = pick(registry, target, wanted)
    except (UnknownPackage, UnknownVersion) as error:
        if not optional:
            raise
        _note(found, name, str(error), kind="optional-missing")
        return None
    place = f"{parent.place if there is not None else ''}/node_modules/{name}".lstrip("/")
    manifest = packument.manifest(version)
    package = Package(place=place, manifest=manifest, published=packument.published(version))
    return package if _admitted(found, package, machine, optional=optional) else None


def _admitted(found: Resolution, package: Package, machine: Machine, *, optional: bool) -> bool:
    name = package.manifest.name
    if not _accepted(package.manifest, machine):
        if not optional:
            _note(found, name, f"it is not for {machine.platform}", kind="wrong-platform")
        return False
    if len(found.packages) >= _MOST_PACKAGES:
        _note(found, name, f"more than {_MOST_PACKAGES} packages", kind="too-many-packages")
        return False
    found.packages[package.place] = package
    return True


def _alias(name: str, wanted: str) -> tuple[str, str]:
    """Registry name and range: ``npm:@scope/name@range`` means another package under this name."""
    if not wanted.startswith("npm:"):
        return name, wanted
    target, at, version = wanted[4:].rpartition("@")
    return (target, version) if at and target else (wanted[4:], "latest")


def _visible(found: Resolution, place: str, name: str) -> Package | None:
    """What node would load for ``name`` from ``place``: the nearest ``node_modules`` upwards that has it."""
    level = f"{place}/node_modules"
    while level:
        if (package := found.packages.get(f"{level}/{name}")) is not None:
            return package
        above, _, _ = level.removesuffix("/node_modules").rpartition("node_modules/")
        level = f"{above}node_modules" if level != "node_modules" else ""
    return None


def _satisfied(package: Package, wanted: str) -> bool:
    version = package.manifest.version
    # A tag ("latest") is no range: what lies there already will do.
    return version == wanted or semver.fits(version, wanted) or not semver.is_range(wanted)


def _accepted(manifest: Manifest, machine: Machine) -> bool:
    return machine.accepts(_listed(manifest.os), _listed(manifest.cpu), _listed(manifest.libc))


def _listed(words: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else (words or ())


def _words(words: str | tuple[str, ...] | None) -> str:
    return ", ".join(_listed(words)) or "any"


def _note(found: Resolution, name: str, problem: str, *, kind: str) -> None:
    found.problems.append(Problem(kind=kind, path=name, problem=problem, resolution="not installed"))


def _artifact(package: Package, blob: Blob, registry: Registry) -> Artifact:
    manifest = package.manifest
    return Artifact(
        name=manifest.name,
        version=manifest.version,
        url=registry.tarball(manifest.dist),
        sha256=blob.sha256,
        size=blob.size,
        integrity=manifest.dist.expected.text,
        published=package.published,
        publisher=manifest.npm_user.name if manifest.npm_user else "",
    )
