"""Executables of ``nexe``: Node, then a startup script, then the files, then a sentinel with the two sizes."""

import struct
from dataclasses import dataclass

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.listed import decoded
from clearance.intake.unpack.inside.region import Broken, Region
from clearance.model.contents import Language

SENTINEL = b"<nexe~~sentinel>"
_SIZES = struct.Struct("<2d")
_LISTED = b'"resources":'
_LARGEST_SCRIPT = 16 << 20

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NexeBundle:
    """Where the parts lie in the program."""

    script: Span
    files: Span
    end: int


def find_nexe(region: Region, sentinel_at: int) -> NexeBundle | None:
    """The parts, if the sizes behind the sentinel make sense."""
    raw = region.read(sentinel_at + len(SENTINEL), _SIZES.size)
    if len(raw) < _SIZES.size:
        return None
    script, files = _SIZES.unpack(raw)
    if not (0 < script <= sentinel_at and 0 <= files <= sentinel_at and script + files <= sentinel_at):
        return None
    if not (script.is_integer() and files.is_integer()):
        return None
    begin = sentinel_at - int(script + files)
    return NexeBundle(
        script=(begin, int(script)),
        files=(begin + int(script), int(files)),
        end=sentinel_at + len(SENTINEL) + _SIZES.size,
    )


def open_nexe(container: Container, bundle: NexeBundle) -> Remainder:
    """The startup script and the files it lists; what it does not list is unclaimed. Raises Broken and LimitReached."""
    container.lies("(startup)", *bundle.script, how="nexe-file", hint=Language.JAVASCRIPT)
    begin, size = bundle.files
    for name, (at, length) in _listed(container.region, bundle.script).items():
        container.lies(name, begin + at, length, how="nexe-file")
    container.claim(begin + size, bundle.end - begin - size)
    container.unclaimed(bundle.script[0], container.region.size)
    return Remainder(at=0, size=bundle.script[0], language=Language.NATIVE, how="node-runtime", runtime=True)


def _listed(region: Region, script: Span) -> dict[str, tuple[int, int]]:
    """The files by name, as the script says; empty where it does not (since version 4 they are a zip)."""
    text = region.read(script[0], min(script[1], _LARGEST_SCRIPT))
    at = text.find(_LISTED)
    end = text.find(b"}", at)
    if at < 0 or end < 0:
        return {}
    try:
        return decoded(text[at + len(_LISTED) : end + 1], dict[str, tuple[int, int]])
    except Broken:
        return {}
