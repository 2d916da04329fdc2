"""What an acquisition found out, kept so that the next one of the same release asks nobody."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.intake.cache import Cache, Manifest
from clearance.intake.fetch import Expected, Fetcher
from clearance.intake.placement import Placement, build_tree
from clearance.intake.unpack.door import Limits
from clearance.model.ids import Digest
from clearance.model.release import Artifact, Problem, Release, SourceType


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one artifact of the release goes: a Placement without its bytes."""

    artifact: int
    prefix: str
    strip: int
    wheel: bool
    runs: tuple[str, ...]


class ReleaseRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A resolved release: enough to rebuild its tree from the same archives."""

    release: Release
    package: str
    places: tuple[Place, ...]
    interpreter: str = ""
    """Python that the wheels were chosen for, as a path; empty for other sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A release in the cache, unpacked."""

    release: Release
    package: str
    root: Path
    manifest: Manifest
    interpreter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a source knows of a release before its tree is built."""

    assistant: str
    title: str
    version: str
    source: SourceType
    platform: str
    package: str
    placements: tuple[Placement, ...]
    artifacts: tuple[Artifact, ...]
    problems: tuple[Problem, ...] = ()
    interpreter: str = ""


def recall(fetcher: Fetcher, key: str, limits: Limits) -> Taken | None:
    """The release that was kept under ``key``; None when there is none.

    A tree that is gone or damaged is built again from the archives that were used, fetched again if need be.
    """
    raw = fetcher.cache.noted("releases", _dated(key))
    if raw is None:
        return None
    try:
        record = msgspec.json.decode(raw, type=ReleaseRecord)
    except msgspec.DecodeError:
        return None  # written by another version of this program
    if record.interpreter and not Path(record.interpreter).exists():
        return None
    placements = tuple(_placement(fetcher, record.release, place) for place in record.places)
    _, root, manifest = build_tree(fetcher.cache, placements, limits)
    return Taken(
        release=record.release,
        package=record.package,
        root=root,
        manifest=manifest,
        interpreter=record.interpreter,
    )


def keep(cache: Cache, key: str, found: Finding, scripts: tuple[str, ...], built: tuple[Path, Manifest]) -> Taken:
    """Remember the release under ``key``."""
    root, manifest = built
    release = Release(
        assistant=found.assistant,
        title=found.title,
        version=found.version,
        platform=found.platform if manifest.native else "any",
        sha256=digest_of(artifact.sha256 for artifact in found.artifacts),
        source=found.source,
        artifacts=found.artifacts,
        problems=(*found.problems, *manifest.problems),
        install_scripts=scripts,
    )
    places = tuple(
        Place(artifact=i, prefix=p.prefix, strip=p.strip, wheel=p.wheel, runs=p.runs)
        for i, p in enumerate(found.placements)
    )
    record = ReleaseRecord(release=release, package=found.package, places=places, interpreter=found.interpreter)
    cache.note("releases", _dated(key), msgspec.json.encode(record))
    return Taken(release=release, package=found.package, root=root, manifest=manifest, interpreter=found.interpreter)


def digest_of(digests: Iterable[Digest]) -> Digest:
    """Digest of a release: its one artifact's, or that of the sorted digests, one a line."""
    ordered = sorted(digests)
    if len(ordered) == 1:
        return ordered[0]
    return Digest(hashlib.sha256("".join(f"{digest}\n" for digest in ordered).encode()).hexdigest())


def _dated(key: str) -> str:
    return f"1 {key}"  # the format's number: raise it when ReleaseRecord changes


def _placement(fetcher: Fetcher, release: Release, place: Place) -> Placement:
    artifact = release.artifacts[place.artifact]
    what = f"{artifact.name} {artifact.version}"
    # By our own digest: it names the same bytes as the registry's, and needs no index to be found in the cache.
    blob = fetcher.archive(artifact.url, Expected(text=f"sha256:{artifact.sha256}"), what=what)
    return Placement(blob=blob, prefix=place.prefix, strip=place.strip, wheel=place.wheel, runs=place.runs)
