"""What building or testing a Python project runs of its own files."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.observe.static.starts.npm import folder_within
from clearance.observe.static.starts.origin import Origin
from clearance.observe.static.starts.release_files import ReleaseFiles, joined
from clearance.observe.static.supply.found import Manifest

_ATTRIBUTE: Final = re.compile(r"\battr\s*[:=]\s*[\"']?([\w.]{1,200})")
_HOOK: Final = re.compile(
    r"^[ \t]*(?:build|script|path|custom-hook|build-script)[ \t]*=[ \t]*[\"']([\w./-]{1,200}\.py)[\"']", re.MULTILINE
)
"""How poetry, hatch and pdm name a script that builds."""
_LINE: Final = re.compile(r"^import[ \t]+([\w.]+)", re.MULTILINE)


def python_builds(manifest: Manifest, files: ReleaseFiles) -> Iterator[Origin]:
    """``setup.py``, a build backend of the project's own, modules that a version is read from."""
    folder = folder_within(manifest)
    if manifest.name == "setup.py":
        yield _file(manifest, "setup.py: pip runs it to build", manifest.path)
    elif manifest.name == "pyproject.toml":
        backend = manifest.toml.text("build-system", "build-backend")
        for place in manifest.toml.texts("build-system", "backend-path"):
            at = joined(folder, place)
            path = files.named((at,), backend.partition(":")[0].replace(".", "/"), "python") if at is not None else None
            if path is not None:
                yield _file(manifest, f"build-backend: {backend} from the package's own {place}", path)
        for match in _HOOK.finditer(manifest.text):
            if (path := files.named((folder,), match[1])) is not None:
                yield _file(manifest, f"{manifest.name}: {' '.join(match[0].split())} runs to build", path)
        hook = files.named((folder,), "hatch_build.py") if "hooks.custom" in manifest.text else None
        if hook is not None:
            yield _file(manifest, f"{manifest.name}: hatch runs hatch_build.py to build", hook)
    if manifest.name in ("setup.cfg", "pyproject.toml"):
        for match in _ATTRIBUTE.finditer(manifest.text):
            module = match[1].rpartition(".")[0].replace(".", "/")
            path = files.named((folder, f"{folder}/src"), module, "python")
            if path is not None:
                yield _file(
                    manifest, f"{manifest.name}: attr {match[1]}, imported to build where it is not plain", path
                )


def python_tests(manifest: Manifest) -> Iterator[Origin]:
    """``conftest.py``: pytest runs it whichever test is asked for."""
    yield _file(manifest, "conftest.py: pytest runs it in this folder", manifest.path, moment="test")


def python_paths(manifest: Manifest, files: ReleaseFiles) -> Iterator[Origin]:
    """Modules that a ``.pth`` file imports."""
    for match in _LINE.finditer(manifest.text):
        path = files.named((folder_within(manifest),), match[1].replace(".", "/"), "python")
        if path is not None:
            yield _file(manifest, f"{manifest.name}: every start of Python imports {match[1]}", path, moment="start")


def _file(manifest: Manifest, said: str, path: str, *, moment: str = "install") -> Origin:
    return Origin(
        moment=moment, said=said, path=manifest.path, folder=folder_within(manifest), file=path, dialect="python"
    )
