"""One function for each registry: a profile and a version to a release in the cache."""

from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from clearance.intake import npm
from clearance.intake.cache import Blob
from clearance.intake.errors import UnknownVersion, WrongPlatform
from clearance.intake.fetch import Expected, Fetcher
from clearance.intake.machine import Machine
from clearance.intake.npm_registry import Registry
from clearance.intake.placement import Placement, build_tree
from clearance.intake.pypi import DEFAULT_INDEX, Document, File, Index
from clearance.intake.python import Interpreter, Wheel, best_wheel, interpreter_for, resolve_wheels
from clearance.intake.record import Finding, Taken, keep, recall
from clearance.intake.unpack.door import Limits
from clearance.model.ids import Digest
from clearance.model.profile import Profile
from clearance.model.release import Artifact, Problem, SourceType

_SITE = "site-packages"
_SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an acquisition works with."""

    fetcher: Fetcher
    machine: Machine
    limits: Limits


def from_npm(profile: Profile, wanted: str, registry: Registry, setting: Setting) -> Taken:
    """The package with its platform package and dependencies; ``package`` is ``node_modules/<name>``."""
    name = profile.source.name
    key = f"npm {registry.url} {setting.machine.slug} {profile.id} {name}"
    if (kept := recall(setting.fetcher, f"{key}@{wanted}", setting.limits)) is not None:
        return kept
    packument, version = npm.pick(registry, name, wanted)
    key = f"{key}@{version}"
    if (kept := recall(setting.fetcher, key, setting.limits)) is not None:
        return kept
    found = npm.resolve(registry, packument, version, setting.machine)
    placements, artifacts = npm.fetch(registry, found)
    _, root, manifest = build_tree(setting.fetcher.cache, placements, setting.limits)
    finding = Finding(
        assistant=profile.id,
        title=profile.title,
        version=version,
        source=SourceType.NPM,
        platform=setting.machine.platform,
        package=f"node_modules/{name}",
        placements=placements,
        artifacts=artifacts,
        problems=tuple(found.problems),
    )
    paths = {entry.path for entry in manifest.files}
    return keep(setting.fetcher.cache, key, finding, npm.install_scripts(found, paths.__contains__), (root, manifest))


def from_pypi(profile: Profile, wanted: str, index: Index, setting: Setting) -> Taken:
    """The wheel and what it needs in ``site-packages``, which is ``package``.

    Run it as ``python3 -m …`` with ``PYTHONPATH={package}``. A release without a wheel lies unbuilt in ``source/…``.
    """
    fetcher, name = setting.fetcher, profile.source.name
    key = f"pypi {index.url} {setting.machine.slug} {profile.id} {name}"
    if (kept := recall(fetcher, f"{key}@{wanted}", setting.limits)) is not None:
        return kept
    document = index.release(name, wanted)
    key = f"{key}@{document.info.version}"
    if (kept := recall(fetcher, key, setting.limits)) is not None:
        return kept
    interpreter = _interpreter(document)
    file, wheel = _main_file(document, interpreter)
    needed = (_wheel(document, file), *_dependencies(document, interpreter, index, setting, wheel=wheel))
    blobs = fetcher.archives([(w.url, Expected(text=f"sha256:{w.sha256}"), f"{w.name} {w.version}") for w in needed])
    placements = tuple(
        Placement(blob=blob, prefix=_SITE if wheel or i else _SOURCE, wheel=bool(wheel or i))
        for i, blob in enumerate(blobs)
    )
    _, root, manifest = build_tree(fetcher.cache, placements, setting.limits)
    finding = Finding(
        assistant=profile.id,
        title=profile.title,
        version=document.info.version,
        source=SourceType.PYPI,
        platform=setting.machine.platform,
        package=_SITE if wheel else _only_folder(root, _SOURCE),
        placements=placements,
        artifacts=tuple(_artifact(w, b, document) for w, b in zip(needed, blobs, strict=True)),
        problems=_notes(file, wheel=wheel),
        interpreter=str(interpreter.path),
    )
    scripts = () if wheel or not (root / finding.package / "setup.py").exists() else ("build: setup.py",)
    return keep(fetcher.cache, key, finding, scripts, (root, manifest))


def _interpreter(document: Document) -> Interpreter:
    requires = next((file.requires_python for file in document.urls if file.requires_python), "")
    return interpreter_for(document.info.requires_python or requires, _called(document))


def _main_file(document: Document, interpreter: Interpreter) -> tuple[File, bool]:
    """The file to take, and whether it is a wheel."""
    wheels = {file.filename: file for file in document.urls if file.packagetype == "bdist_wheel"}
    if (best := best_wheel(tuple(wheels), interpreter.tags())) is not None:
        return wheels[best], True
    for file in document.urls:
        if file.packagetype == "sdist" and file.filename.endswith((".tar.gz", ".zip")):
            return file, False
    what = _called(document)
    if wheels:
        raise WrongPlatform(
            f"{what} has no wheel for this machine (Python {interpreter.version}) and no source archive.",
            advice=f"It has: {', '.join(sorted(wheels)[:5])}.",
        )
    raise UnknownVersion(f"{what} has no files.", advice="It was withdrawn or never uploaded; take another version.")


def _dependencies(
    document: Document, interpreter: Interpreter, index: Index, setting: Setting, *, wheel: bool
) -> tuple[Wheel, ...]:
    """The wheels beside the release's own. Without a wheel of its own, what its index says that it requires."""
    info = document.info
    needs = info.needs(interpreter.version)
    if needs == () or (needs is None and not wheel):
        return ()
    setting.fetcher.refuse_offline(f"What {_called(document)} depends on")
    if setting.fetcher.progress is not None:
        setting.fetcher.progress(f"dependencies of {info.name}", 0, None)
    simple = "" if index.url == DEFAULT_INDEX else f"{index.url}/simple"
    wanted = (f"{info.name}=={info.version}",) if wheel else needs or ()
    with setting.fetcher.cache.scratch() as scratch:
        found = resolve_wheels(wanted, interpreter, index=simple, scratch=scratch)
    own = canonicalize_name(info.name)
    return tuple(_of_index(one, index, interpreter) for one in found if canonicalize_name(one.name) != own)


def _of_index(wheel: Wheel, index: Index, interpreter: Interpreter) -> Wheel:
    """The wheel as the index has it, where the client found it in a folder that this machine's settings name."""
    if wheel.url.startswith(("https:", "http:")):
        return wheel
    document = index.release(wheel.name, wheel.version)
    file, is_wheel = _main_file(document, interpreter)
    if not is_wheel:
        raise UnknownVersion(
            f"The index has no wheel of {_called(document)}.",
            advice="Take a version of the assistant that needs another.",
        )
    return _wheel(document, file)


def _called(document: Document) -> str:
    return f"{document.info.name} {document.info.version}"


def _wheel(document: Document, file: File) -> Wheel:
    info = document.info
    digest = file.digests.get("sha256", "")
    return Wheel(name=info.name, version=info.version, url=file.url, sha256=digest, published=file.published)


def _artifact(wheel: Wheel, blob: Blob, document: Document) -> Artifact:
    own = wheel.name == document.info.name
    return Artifact(
        name=wheel.name,
        version=wheel.version,
        url=wheel.url,
        sha256=Digest(blob.sha256),
        size=blob.size,
        integrity=f"sha256:{wheel.sha256}",
        published=wheel.published,
        publisher=(document.info.author or "") if own else "",
    )


def _notes(file: File, *, wheel: bool) -> tuple[Problem, ...]:
    notes: list[Problem] = []
    if file.yanked:
        notes.append(
            Problem(kind="yanked", path=file.filename, problem="its publisher withdrew it", resolution="taken anyway")
        )
    if not wheel:
        notes.append(
            Problem(
                kind="source-only",
                path=file.filename,
                problem="there is no wheel for this machine, and building one would run the package's code",
                resolution="unpacked, not built",
            )
        )
    return tuple(notes)


def _only_folder(root: Path, below: str) -> str:
    """``below``, or the one folder in it when there is nothing else."""
    inside = list((root / below).iterdir()) if (root / below).is_dir() else []
    return f"{below}/{inside[0].name}" if len(inside) == 1 and inside[0].is_dir() else below
