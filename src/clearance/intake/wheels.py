"""A release of the Python index: its wheel and those it needs, or its source unbuilt, to a tree in the cache."""

from pathlib import Path

from packaging.utils import canonicalize_name

from clearance.intake.cache import Blob
from clearance.intake.errors import MissingClient, UnknownVersion, WrongPlatform
from clearance.intake.fetch import Expected
from clearance.intake.placement import Placement, build_tree
from clearance.intake.pypi import DEFAULT_INDEX, Document, File, Index
from clearance.intake.python import (
    Interpreter,
    Wheel,
    best_wheel,
    imagined_interpreter,
    interpreter_for,
    resolve_wheels,
)
from clearance.intake.record import Finding, Taken, keep, recall
from clearance.intake.sources import Setting
from clearance.model.ids import Digest
from clearance.model.profile import Profile
from clearance.model.release import Artifact, Problem, SourceType

_SITE = "site-packages"
_SOURCE = "source"


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
    read_only = f"{key} read only"  # what cannot be run must not be found by who wants to run it
    for known in (key,) if setting.to_run else (key, read_only):
        if (kept := recall(fetcher, known, setting.limits)) is not None:
            return kept
    interpreter = _interpreter(document, to_run=setting.to_run)
    file, wheel = _main_file(document, interpreter)
    others, unresolved = _dependencies_or_why_not(document, interpreter, index, setting, wheel=wheel)
    needed = (_wheel(document, file), *others)
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
        problems=(*_not_here(interpreter), *unresolved, *_notes(file, wheel=wheel)),
        interpreter=str(interpreter.path or ""),
    )
    scripts = () if wheel or not (root / finding.package / "setup.py").exists() else ("build: setup.py",)
    key = read_only if unresolved or interpreter.path is None else key
    return keep(fetcher.cache, key, finding, scripts, (root, manifest))


def _interpreter(document: Document, *, to_run: bool) -> Interpreter:
    requires = next((file.requires_python for file in document.urls if file.requires_python), "")
    wanted = document.info.requires_python or requires
    try:
        return interpreter_for(wanted, _called(document))
    except WrongPlatform:
        if to_run:
            raise
        return imagined_interpreter(wanted, _called(document))


def _not_here(interpreter: Interpreter) -> tuple[Problem, ...]:
    if interpreter.path is not None:
        return ()
    minor = ".".join(map(str, interpreter.minor))
    return (
        Problem(
            kind="python-not-here",
            path="",
            problem=f"no Python of this machine can run it; it was taken as Python {minor} would install it",
            resolution="read, not run",
        ),
    )


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


def _dependencies_or_why_not(
    document: Document, interpreter: Interpreter, index: Index, setting: Setting, *, wheel: bool
) -> tuple[tuple[Wheel, ...], tuple[Problem, ...]]:
    """What cannot be resolved stops a release that is to run; one that is only read is read without it."""
    try:
        return _dependencies(document, interpreter, index, setting, wheel=wheel), ()
    except MissingClient as error:
        if setting.to_run:
            raise
        return (), (
            Problem(
                kind="dependencies-left-out",
                path="",
                problem=str(error),
                resolution="the release was read without what it depends on",
            ),
        )


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
