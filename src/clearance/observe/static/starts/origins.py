"""Which members make something run, by their names, and who reads each."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.starts import npm, python, repository
from clearance.observe.static.starts.origin import Origin
from clearance.observe.static.starts.release_files import ReleaseFiles
from clearance.observe.static.supply.found import Manifest

_NAMES: Final = re.compile(
    r"(?:^|[/!])(?:package\.json|binding\.gyp|[^/]+\.gypi|setup\.(?:py|cfg)|pyproject\.toml|conftest\.py|build\.rs|\.envrc"
    r"|\.npmrc|\.pre-commit-config\.ya?ml|\.?lefthook\.ya?ml|\.?pnpmfile\.[cm]?js|(?:GNU)?[Mm]akefile|configure|autogen\.sh|bootstrap(?:\.sh)?|[^/]+\.pth"
    r"|\.husky/(?:_/)?[^/]+|(?:\.git|[^/]+\.git)/(?:config|hooks/[^/]+))\Z"
)
_GIT: Final = re.compile(r"(?:^|[/!])(?:\.husky/|(?:\.git|[^/]+\.git)/hooks/)")
_MOST: Final = 10_000
"""Manifests that are read of one release."""
_UNASKED: Final = {"hook": "hook", "settings": "open"}
"""Kinds of extensions whose commands run unasked, and when."""


def origins(files: ReleaseFiles, extensions: Iterable[Extension]) -> Iterator[Origin]:
    """Everything that runs unasked, in the order of paths, those nearest to the top first."""
    bare = repository.bare_repositories(files.paths)
    named = {p for p in files.paths if _NAMES.search(p)} | (bare & files.paths)
    chosen = sorted(named, key=lambda p: (p.count("/"), p))
    files.unread += chosen[_MOST : _MOST + 1]
    for path in chosen[:_MOST]:
        if path in bare:
            yield from repository.settings_of_bare(Manifest(path, files.data(path)), files)
            continue
        yield from _of(Manifest(path, files.data(path)), files)
    for extension in extensions:
        if moment := _UNASKED.get(extension.kind):
            for command in extension.commands:
                yield Origin(
                    moment=moment,
                    said=f"{extension.name}: {command}",
                    path=extension.path,
                    folder=_top(extension.path),
                    command=command,
                )


def _of(manifest: Manifest, files: ReleaseFiles) -> Iterator[Origin]:
    name = manifest.name
    if _GIT.search(manifest.place):
        yield from repository.hooks_of_git(manifest)
    elif name in ("package.json", ".npmrc") or name.endswith((".gyp", ".gypi")) or "pnpmfile." in name:
        yield from _of_npm(manifest)
    elif name == "config":
        yield from repository.settings_of_git(manifest, files)
    elif name.endswith((".yaml", ".yml")):
        yield from repository.hook_runners(manifest)
    elif name == ".envrc":
        yield from repository.environment_of_folder(manifest)
    elif name == "conftest.py":
        yield from python.python_tests(manifest)
    elif name.endswith(".pth"):
        yield from python.python_paths(manifest, files)
    elif manifest.is_project:
        is_python = name in ("setup.py", "setup.cfg", "pyproject.toml")
        yield from python.python_builds(manifest, files) if is_python else repository.builds(manifest)


def _of_npm(manifest: Manifest) -> Iterator[Origin]:
    match manifest.name:
        case "package.json":
            yield from npm.package_scripts(manifest)
            yield from npm.hooks_of_package(manifest)
        case ".npmrc":
            yield from npm.client_settings(manifest)
        case name if "pnpmfile." in name:
            yield from npm.pnpm_hooks(manifest)
        case _:
            yield from npm.gyp_commands(manifest)


def _top(path: str) -> str:
    """The folder in which a dotted folder of settings lies: where an assistant or editor starts its commands."""
    return (
        re.split(r"(?:^|/)\.[\w-]+/", path, maxsplit=1)[0]
        if re.search(r"(?:^|/)\.[\w-]+/", path)
        else path.rpartition("/")[0]
    )
