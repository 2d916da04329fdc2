"""Commands that npm takes from a folder: ``directories.bin`` makes one of every file in it, by the file's name."""

import itertools
from typing import Final

from clearance.model.contents import SupplyFact
from clearance.observe.static.starts.release_files import ReleaseFiles, joined
from clearance.observe.static.supply.found import Found, Manifest
from clearance.observe.static.supply.shadows import is_anothers, shadowed

_MOST: Final = 200
"""Manifests that are read for this."""


def commands_of_folders(files: ReleaseFiles) -> tuple[SupplyFact, ...]:
    """A fact for each file of such a folder that has a common command's name; npm asks for ``bin`` first.

    A manifest is read only where a file with such a name lies below it.
    """
    named = sorted(path for path in files.paths if is_anothers(path.rpartition("/")[2]))
    above = {above for path in named for above in _above(path)}
    manifests = sorted(f"{folder}package.json" for folder in above if f"{folder}package.json" in files.paths)
    found = Found()
    for path in itertools.islice(manifests, _MOST):
        manifest = Manifest(path, files.data(path))
        folder = manifest.json.text("directories", "bin")
        place = joined(path.rpartition("/")[0], folder) if folder and not manifest.json.has("bin") else None
        if place is not None:
            inside = [p.rpartition("/")[2] for p in named if p.startswith(f"{place}/" if place else "")]
            shadowed(manifest, manifest.json.text("name"), inside, found)
    return tuple(dict.fromkeys(found.facts))


def _above(path: str) -> tuple[str, ...]:
    """Every folder that a file lies in, with a slash behind it; the top is empty."""
    parts = path.split("/")[:-1][:40]
    return tuple("".join(f"{part}/" for part in parts[:deep]) for deep in range(len(parts) + 1))
