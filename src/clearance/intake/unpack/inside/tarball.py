"""Tar archives: entries are stretches of the archive, whose headers are read without their bodies."""

from collections.abc import Iterator
from posixpath import normpath

from clearance.intake.errors import CorruptArchive
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.region import PIECE, Broken, Region
from clearance.intake.unpack.names import printable
from clearance.intake.unpack.tar import TarMember, TarReader
from clearance.model.contents import Language

_BLOCK = 512
_ZEROS = bytes(PIECE)


def begins_tar(head: bytes) -> bool:
    """Whether the first block is a tar header (ustar, GNU, pax)."""
    return head[257:262] == b"ustar" and len(head) >= _BLOCK


def open_tar(container: Container) -> Remainder:
    """Its files. What follows its end is unclaimed. Raises Broken and LimitReached."""
    region = container.region
    blocks = _Blocks(region)
    try:
        for member in TarReader(blocks).members():
            at = blocks.at
            _entry(container, member, at)
            blocks.skip(member.size)
    except CorruptArchive as error:
        raise Broken(f"the tar is corrupt ({error})") from error
    container.claim(0, min(blocks.at, region.size))
    container.unclaimed(0, region.size)
    return Remainder(at=0, size=0, language=Language.DATA)


def is_a_tar(container: Container) -> bool:
    """Opens what was decompressed if it is a tar; False if it is none. Raises Broken and LimitReached."""
    if not begins_tar(container.region.read(0, _BLOCK)):
        return False
    open_tar(container)
    return True


def leads_out(name: bytes | str, target: bytes | str) -> bool:
    """Whether a link called ``name`` to ``target`` leads out of the folder that the archive is unpacked in."""
    where, to = (part.decode("utf-8", "replace") if isinstance(part, bytes) else part for part in (name, target))
    lands = normpath(f"{where.rpartition('/')[0]}/{to}".lstrip("/"))
    return to.startswith("/") or lands == ".." or lands.startswith("../")


def _entry(container: Container, member: TarMember, at: int) -> None:
    container.check_name(member.name, is_folder=member.kind == "5")
    match member.kind:
        case "0":
            container.lies(member.name, at, member.size, how="tar-member")
        case "1" | "2":
            # A hard link's target counts from the archive's root.
            if leads_out(member.name if member.kind == "2" else b"", member.target):
                container.problem(
                    "link-outside", member.name, f"a link to {printable(member.target)}", "it was not followed"
                )
        case "5":
            pass
        case kind:
            container.problem("special-file", member.name, f"an entry of the kind {kind!r}", "left out")


class _Blocks:
    """The archive in blocks for ``TarReader``; bodies that it skips are zeros that nobody reads."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._left = 0
        self.at = 0
        """Bytes given so far: where the current entry's body begins."""

    def skip(self, size: int) -> None:
        """The next ``size`` bytes, rounded up to blocks, are not wanted."""
        self._left = size + -size % _BLOCK

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.at >= self._region.size:
            raise StopIteration
        if self._left:
            piece = _ZEROS[: min(self._left, PIECE, self._region.size - self.at)]
            self._left -= len(piece)
        else:
            piece = self._region.read(self.at, _BLOCK)
        self.at += len(piece)
        if not piece:
            raise StopIteration
        return piece
