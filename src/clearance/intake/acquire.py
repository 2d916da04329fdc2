"""Acquire a release: the one way from a profile and a version to a folder that a room can mount.

1. What was acquired before is taken from the cache without asking anybody (``latest`` is asked anew).
2. Every archive is checked against its registry's digest before anything reads it.
3. Archives are unpacked through one door; what is wrong with them is in ``Release.problems``.
4. Nothing of the package is run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from clearance.intake import semver
from clearance.intake.bytecode import write_bytecode
from clearance.intake.cache import Cache, usable
from clearance.intake.errors import ProfileError, SourceMissing, UnknownVersion
from clearance.intake.fetch import Fetcher, Progress
from clearance.intake.machine import this_machine
from clearance.intake.npm_registry import Registry, registry_url
from clearance.intake.path import from_path
from clearance.intake.placement import make_executable
from clearance.intake.pypi import Index, index_url
from clearance.intake.record import Taken
from clearance.intake.runtime import runtime
from clearance.intake.sources import Setting, from_npm
from clearance.intake.unpack.door import Limits
from clearance.intake.wheels import from_pypi
from clearance.model.profile import Profile, Run, Variant
from clearance.model.release import FileEntry, Release, SourceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquired:
    """A release, unpacked and readable by every user of this machine."""

    release: Release
    root: Path
    """Tree to mount, read-only. It belongs to the cache: nobody writes there."""
    package: str
    """What ``{package}`` of profiles means, relative to ``root``: ``node_modules/@anthropic-ai/claude-code``."""
    runtime: Path | None
    """The interpreter's program on this machine: ``node`` in the cache, or for PyPI the Python whose wheels these
    are. Rooms need its prefix, ``runtime.parent.parent``, unless that is the system's own. None: none asked for."""
    downloaded_bytes: int
    files: tuple[FileEntry, ...]
    """Every regular file below ``root``, sorted by path."""


def acquire(
    profile: Profile,
    version: str | None,
    *,
    cache: Path,
    offline: bool = False,
    progress: Progress | None = None,
    path: Path | None = None,
    registry: str | None = None,
    limits: Limits | None = None,
    to_run: bool = True,
    max_age_s: float = 0.0,
    clock: Callable[[], float] | None = None,
) -> Acquired:
    """The release of that version (None: the profile's own choice, mostly ``latest``), from the cache or fetched.

    Args:
        profile: where it comes from; its ``executable`` globs get the run bit.
        version: exact, a tag, or (npm) a range.
        cache: folder that is ours; made if need be.
        offline: never ask the network.
        progress: told what is fetched, bytes so far and in all; never from two threads at once.
        path: a local folder or archive to take instead of the profile's source.
        registry: another npm registry or Python index; else ``CLEARANCE_NPM_REGISTRY``, ``CLEARANCE_PYPI_INDEX``.
        limits: what one tree may hold.
        to_run: False where it is only read: then a Python that is not on this machine is no reason to refuse.
        max_age_s: how old a kept answer for ``latest`` may be, in seconds by ``clock``; without a clock it is asked.
        clock: Unix seconds.

    Raises:
        IntakeError: it could not be had; the message is a sentence, ``advice`` says what to do.
    """
    if version is not None and not version.strip():
        raise UnknownVersion(
            f"No version of {profile.title} is named after the '@'.",
            advice=f"Leave the '@' out for {profile.source.version or 'latest'}, or write the version behind it.",
        )
    fetcher = Fetcher(cache=Cache(cache), offline=offline, progress=progress, max_age_s=max_age_s, clock=clock)
    setting = Setting(fetcher=fetcher, machine=this_machine(), limits=limits or Limits(), to_run=to_run)
    try:
        with usable(cache):
            taken = _take(profile, version, path, registry, setting)
            interpreter = _interpreter(profile, taken, registry, setting)
            make_executable(taken.root, taken.package, profile.run.executable if profile.run else (), taken.manifest)
            if taken.interpreter:
                write_bytecode(taken.root, Path(taken.interpreter))
    finally:
        fetcher.close()
    return Acquired(
        release=taken.release,
        root=taken.root,
        package=taken.package,
        runtime=interpreter,
        downloaded_bytes=fetcher.downloaded_bytes,
        files=taken.manifest.files,
    )


def known_versions(
    profile: Profile, *, cache: Path, offline: bool = False, registry: str | None = None
) -> tuple[str, ...]:
    """Every version the registry lists, newest last; none for local sources.

    Raises:
        IntakeError: the registry cannot be asked, or (offline) was not asked before.
    """
    fetcher = Fetcher(cache=Cache(cache), offline=offline)
    try:
        match profile.source.type:
            case SourceType.NPM:
                packument = _npm(profile, registry, fetcher).packument(profile.source.name)
                return semver.in_order(packument.versions)
            case SourceType.PYPI:
                return Index(fetcher=fetcher, url=index_url(registry)).versions(profile.source.name)
            case SourceType.PATH:
                return ()
            case _:
                assert_never(profile.source.type)
    finally:
        fetcher.close()


def variant_of(run: Run, package: Path) -> Variant | None:
    """The first variant whose file exists below (or beside, with ``..``) the package's folder; None: run as written."""
    return next((variant for variant in run.variants if any(_globbed(package, variant.when_file))), None)


def _globbed(package: Path, pattern: str) -> Iterator[Path]:
    while pattern.startswith("../"):
        package, pattern = package.parent, pattern.removeprefix("../")
    return package.glob(pattern)


def _take(profile: Profile, version: str | None, path: Path | None, registry: str | None, setting: Setting) -> Taken:
    fetcher = setting.fetcher
    source = profile.source
    if path is not None:
        return from_path(profile, path, version, cache=fetcher.cache, machine=setting.machine, limits=setting.limits)
    if source.type is SourceType.PATH:
        raise SourceMissing(
            f"{profile.id} is taken from a folder, and none was named.",
            advice=f"Name it: clearance vet ./{profile.id} --profile …",
        )
    if not source.name:
        raise ProfileError(
            f"The profile {profile.id} does not say which package it is.", advice="Set source.name to its name."
        )
    wanted = version or source.version or "latest"
    if source.type is SourceType.NPM:
        return from_npm(profile, wanted, _npm(profile, registry, fetcher), setting)
    return from_pypi(profile, wanted, Index(fetcher=fetcher, url=index_url(registry)), setting)


def _interpreter(profile: Profile, taken: Taken, registry: str | None, setting: Setting) -> Path | None:
    run = profile.run
    if run is not None:
        variant = variant_of(run, taken.root / taken.package)
        if spec := variant.runtime if variant is not None else run.runtime:
            return runtime(spec, _npm(profile, registry, setting.fetcher), setting.machine, setting.limits)
    return Path(taken.interpreter) if taken.interpreter else None


def _npm(profile: Profile, registry: str | None, fetcher: Fetcher) -> Registry:
    # A registry that was named for another kind of source says nothing about where node comes from.
    return Registry(fetcher=fetcher, url=registry_url(registry if profile.source.type is SourceType.NPM else None))
