"""Programs (ELF, PE, Mach-O): which of the known ways to pack an application behind its runtime was used, if any.

The marks are searched for, not looked up in section tables: each way works with each of the three formats, and what the
runtime itself finds is a part of what is found so.
"""

from clearance.intake.unpack.inside.bun import TRAILER as BUN
from clearance.intake.unpack.inside.bun import BunPayload, find_payload, open_bun
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.deno import MAGIC as DENO
from clearance.intake.unpack.inside.deno import find_deno, open_deno
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.nexe import SENTINEL as NEXE
from clearance.intake.unpack.inside.nexe import find_nexe, open_nexe
from clearance.intake.unpack.inside.pkg import PRELUDE as PKG
from clearance.intake.unpack.inside.pkg import find_pkg, open_pkg
from clearance.intake.unpack.inside.pyinstaller import COOKIE, find_pyinstaller, open_pyinstaller
from clearance.intake.unpack.inside.region import Region
from clearance.intake.unpack.inside.sea import FUSE, find_blob, open_blob
from clearance.intake.unpack.inside.zipped import ends_zip, open_zip

_TAIL = 8 << 20
"""Bytes of a program's end in which a Bun trailer is nearly always found."""
_NEAR_END = 64 << 20
_EVERYWHERE = (BUN, FUSE, PKG)
_AT_THE_END = (COOKIE, NEXE, DENO)
_MOST_PLACES = 8
"""Places of one mark that are tried, from the end: the real one is behind those in the runtime."""


def open_program(container: Container) -> Remainder | None:
    """What is packed in it; None for a program that is just that. Raises Broken and LimitReached."""
    region, most = container.region, container.findings.limits.one_member
    begin = max(0, region.size - most)
    if begin:
        reason = f"Of this program only the last {most >> 20} MiB were searched for what hides in it."
        container.closed("", begin, reason)
    tail = max(begin, region.size - _TAIL)
    if payload := _payload(region, region.last((BUN,), _MOST_PLACES, tail)):
        return open_bun(container, payload)
    near_end = max(begin, region.size - _NEAR_END)
    marks = region.last(_EVERYWHERE, _MOST_PLACES, begin) | region.last(_AT_THE_END, _MOST_PLACES, near_end)
    return _open_marked(container, marks)


def _payload(region: Region, marks: dict[bytes, list[int]]) -> BunPayload | None:
    return next((payload for at in marks[BUN] if (payload := find_payload(region, at))), None)


def _open_marked(container: Container, marks: dict[bytes, list[int]]) -> Remainder | None:
    region = container.region
    if payload := _payload(region, marks):
        return open_bun(container, payload)
    for at in marks[COOKIE]:
        if archive := find_pyinstaller(region, at):
            return open_pyinstaller(container, *archive)
    for at in marks[PKG]:
        if packed := find_pkg(region, at):
            return open_pkg(container, packed)
    for at in marks[NEXE]:
        if bundle := find_nexe(region, at):
            return open_nexe(container, bundle)
    if marks[FUSE] and (blob := find_blob(region)):
        return open_blob(container, blob)
    if program := find_deno(region, marks[DENO]):
        return open_deno(container, program)
    return open_zip(container) if ends_zip(region) else None
