"""Build a tree from checked archives, once: the same archives at the same places are the same tree."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from clearance.intake.cache import Blob, Cache, Manifest
from clearance.intake.errors import CorruptArchive
from clearance.intake.unpack.archive import as_wheel, below, unpack
from clearance.intake.unpack.door import Door, LimitReached, Limits

_LAYOUT = "1"
"""Goes into every tree's key: raise it when the same archives are laid out differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One archive and where its members go."""

    blob: Blob
    prefix: str
    """Folder of the tree, ``/`` between parts; empty for its root."""
    strip: int = 0
    """Leading parts of the members' names that are dropped."""
    wheel: bool = False
    """Laid out as installers lay out a wheel."""
    runs: tuple[str, ...] = ()
    """Paths below ``prefix`` that get the run bit (npm's ``bin``)."""


def build_tree(cache: Cache, placements: tuple[Placement, ...], limits: Limits) -> tuple[str, Path, Manifest]:
    """Key, root and manifest of the tree; from the cache when it is there whole.

    Raises:
        CorruptArchive: one of the archives cannot be read; it is named.
        CacheUnusable: no space, no permission.
    """
    key = _key(placements, limits)
    if (kept := cache.tree(key)) is not None:
        return key, *kept

    def build(root: Path) -> Manifest:
        door = Door(root, limits)
        with suppress(LimitReached):  # the door has the Problem; what was written so far is what there is
            for placement in placements:
                _place(placement, door)
        door.finish()
        return manifest_of(door)

    return key, *cache.keep_tree(lambda _: key, build)


def manifest_of(door: Door) -> Manifest:
    """What the door let in."""
    return Manifest(files=door.files, links=door.links, problems=door.problems, native=door.native)


def make_executable(root: Path, package: str, globs: tuple[str, ...], manifest: Manifest) -> None:
    """Give the run bit to files of the package that match. Content and time stay; doing it twice changes nothing."""
    for entry in manifest.files:
        below = entry.path.removeprefix(f"{package}/")
        if below != entry.path and any(fnmatchcase(below, glob) for glob in globs):
            (root / entry.path).chmod(0o755)


def _place(placement: Placement, door: Door) -> None:
    try:
        rename = as_wheel(placement.prefix) if placement.wheel else below(placement.prefix, strip=placement.strip)
        unpack(placement.blob.path, door, rename=rename)
    except CorruptArchive as error:
        where = placement.prefix or placement.blob.sha256[:12]
        raise CorruptArchive(f"{where}: {error}", advice=error.advice) from error
    for path in placement.runs:
        door.make_executable(f"{placement.prefix}/{path}")
    if placement.wheel:
        for entry in door.files:
            if entry.path.startswith("bin/"):
                door.make_executable(entry.path)


def _key(placements: tuple[Placement, ...], limits: Limits) -> str:
    said = [(p.prefix, p.strip, p.wheel, p.runs, p.blob.sha256) for p in placements]
    parts = (_LAYOUT, limits.total_bytes, limits.entries, limits.ratio, limits.ratio_from_bytes, said)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
