"""A folder or an archive on this machine, as a release."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from clearance.intake.cache import Blob, Cache, Manifest
from clearance.intake.errors import CorruptArchive, SourceMissing, SourceUnreadable
from clearance.intake.machine import Machine
from clearance.intake.placement import Placement, build_tree, manifest_of
from clearance.intake.record import Taken
from clearance.intake.unpack.archive import copy_folder, kind_of
from clearance.intake.unpack.door import Door, LimitReached, Limits
from clearance.model.ids import Digest
from clearance.model.profile import Profile
from clearance.model.release import Artifact, Problem, Release, SourceType

_PLACE = "package"
_ARCHIVES = (".zip", ".whl", ".vsix", ".tgz", ".tar.gz", ".tar", ".jar")
_SCRIPTS = ("preinstall", "install", "postinstall")


class _PackageJson(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a local ``package.json`` as intake reads."""

    name: str = ""
    version: str = ""
    scripts: dict[str, str] = {}
    dependencies: dict[str, str] = {}
    optional: dict[str, str] = msgspec.field(default_factory=dict, name="optionalDependencies")


def from_path(
    profile: Profile, path: Path, version: str | None, *, cache: Cache, machine: Machine, limits: Limits
) -> Taken:
    """The folder's copy, or the archive's members, below ``package`` (npm profiles: ``node_modules/<name>``).

    Where an archive holds one folder and nothing else, ``Taken.package`` is that folder. The version is the one given,
    else ``package.json``'s, else ``0+`` and the digest's first twelve digits. Nothing is fetched.

    Raises:
        SourceMissing: there is no such folder or file.
        SourceUnreadable: this user may not read it, or it changed while it was read.
        CorruptArchive: the file is no archive, or broken.
    """
    with readable(path):
        is_folder, is_file = path.is_dir(), path.is_file()
    odd: tuple[Problem, ...] = ()
    npm_name = profile.source.name if profile.source.type is SourceType.NPM else ""
    place = f"node_modules/{npm_name}" if npm_name else _PLACE
    if is_folder:
        root, manifest = _folder(path, place, cache, limits)
        sha256, size, package = _tree_digest(manifest), sum(entry.size for entry in manifest.files), place
    elif is_file:
        with readable(path):
            _check_size(path, limits)
            blob = _local_blob(path)
        if profile.run is None and kind_of(path) is None:
            root, manifest = _single(path, blob, place, cache, limits)
            odd = _odd_name(path)
        else:
            root, manifest = _archive(path, blob, place, cache, limits)
        sha256, size, package = blob.sha256, blob.size, _only_folder(root, place)
    else:
        raise SourceMissing(
            f"{path} is neither a folder nor a file.", advice="Name the folder or archive that holds the assistant."
        )
    said = _package_json(root / package)
    version = version or said.version or f"0+{sha256[:12]}"
    artifact = Artifact(
        name=said.name or path.absolute().name,
        version=version,
        url=path.resolve().as_uri(),
        sha256=sha256,
        size=size,
        integrity="",
        problems=manifest.problems,
    )
    release = Release(
        assistant=profile.id,
        title=profile.title,
        version=version,
        platform=machine.platform if manifest.native else "any",
        sha256=sha256,
        source=SourceType.PATH,
        artifacts=(artifact,),
        problems=(*manifest.problems, *odd, *_unmet(said, root / package)),
        install_scripts=tuple(f"{name}: {said.scripts[name]}" for name in _SCRIPTS if name in said.scripts),
    )
    return Taken(release=release, package=package, root=root, manifest=manifest)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn the file system's refusals of what lies at or below ``path`` into SourceUnreadable."""
    try:
        yield
    except OSError as error:
        about = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
        if about is None or not (about.is_relative_to(path) or about.is_relative_to(path.resolve())):
            raise
        within = "" if about in (path, path.resolve()) else f" ({about} is in the way)"
        raise SourceUnreadable(
            f"{path} cannot be read: {error.strerror}{within}.",
            advice="Name a folder or archive that you may read; chmod -R u+rX gives its owner the right.",
        ) from error


def _folder(path: Path, place: str, cache: Cache, limits: Limits) -> tuple[Path, Manifest]:
    def build(root: Path) -> Manifest:
        door = Door(root, limits)
        with suppress(LimitReached), readable(path):  # the door has the Problem
            copy_folder(path.resolve(), door, prefix=place)
        door.finish()
        return manifest_of(door)

    return cache.keep_tree(lambda manifest: _tree_digest(manifest, place), build)


def _check_size(path: Path, limits: Limits) -> None:
    """Raises CorruptArchive: the file is empty, or larger than what is read (a sparse one costs nothing)."""
    size = path.stat().st_size
    if not size:
        raise CorruptArchive(f"{path} is empty.", advice="Copy or download it again.")
    if size > limits.total_bytes:
        raise CorruptArchive(
            f"{path} has {size:,} bytes; at most {limits.total_bytes:,} are read.", advice="Name what is inside it."
        )


def _odd_name(path: Path) -> tuple[Problem, ...]:
    """A file that is called an archive and is none."""
    if not path.name.lower().endswith(_ARCHIVES):
        return ()
    return (
        Problem(
            kind="wrong-extension",
            path=path.name,
            problem="its name says that it is an archive, its bytes say that it is none",
            resolution="looked into as one file",
        ),
    )


def _single(path: Path, blob: Blob, place: str, cache: Cache, limits: Limits) -> tuple[Path, Manifest]:
    """A file that is no archive, as a tree of its own: it is looked into, not run."""

    def build(root: Path) -> Manifest:
        door = Door(root, limits)
        with suppress(LimitReached), readable(path), path.open("rb") as file:
            door.file(f"{place}/{path.name}", iter(lambda: file.read(1 << 20), b""), mode=path.stat().st_mode)
        door.finish()
        return manifest_of(door)

    key = hashlib.sha256(f"single\0{blob.sha256}\0{path.name}".encode()).hexdigest()
    return cache.tree(key) or cache.keep_tree(lambda _: key, build)


def _archive(path: Path, blob: Blob, place: str, cache: Cache, limits: Limits) -> tuple[Path, Manifest]:
    if kind_of(path) is None:
        raise CorruptArchive(
            f"{path} is not an archive that can be read.",
            advice="It must be a tar, a gzipped tar or a zip (.tgz, .tar.gz, .tar, .zip, .whl, .vsix), or a folder.",
        )
    wheel = path.suffix == ".whl"
    # An npm archive keeps everything below one folder, which the client drops.
    strip = 1 if place.startswith("node_modules/") else 0
    placement = Placement(blob=blob, prefix=place, strip=strip, wheel=wheel)
    _, root, manifest = build_tree(cache, (placement,), limits)
    return root, manifest


def _local_blob(path: Path) -> Blob:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Blob(sha256=Digest(digest), size=path.stat().st_size, path=path)


def _tree_digest(manifest: Manifest, place: str = "") -> Digest:
    said = hashlib.sha256(place.encode() + b"\0")
    for entry in manifest.files:
        said.update(f"{entry.path}\0{entry.sha256}\0{int(entry.executable)}\n".encode())
    for path, target in manifest.links:
        said.update(f"{path}\0->{target}\n".encode())
    return Digest(said.hexdigest())


def _only_folder(root: Path, place: str) -> str:
    inside = list((root / place).iterdir()) if (root / place).is_dir() else []
    if len(inside) != 1 or inside[0].is_symlink() or not inside[0].is_dir():
        return place
    return f"{place}/{inside[0].name}"


def _package_json(folder: Path) -> _PackageJson:
    try:
        return msgspec.json.decode((folder / "package.json").read_bytes(), type=_PackageJson)
    except (OSError, msgspec.DecodeError, RecursionError):
        return _PackageJson()


def _unmet(said: _PackageJson, package: Path) -> tuple[Problem, ...]:
    """Dependencies that a local package names and does not bring: nothing is fetched for it."""
    levels = [package / "node_modules", *(p for p in package.parents if p.name == "node_modules")]
    missing = [n for n in said.dependencies if n not in said.optional and not any((d / n).exists() for d in levels)]
    if not missing:
        return ()
    names = ", ".join(missing[:10])
    return (
        Problem(
            kind="dependencies-missing",
            path="package.json",
            problem=f"it needs {len(missing)} packages that do not lie beside it: {names}",
            resolution="nothing was fetched; install them in the folder first",
        ),
    )
