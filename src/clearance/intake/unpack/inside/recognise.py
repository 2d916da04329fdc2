"""Which opener takes some bytes: by their first bytes, seldom by their name."""

from collections.abc import Callable
from functools import partial

from clearance.intake.unpack.inside.asar import begins_asar, open_asar
from clearance.intake.unpack.inside.compressed import BY_HEAD as COMPRESSED
from clearance.intake.unpack.inside.compressed import open_compressed
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.language import is_program, is_text
from clearance.intake.unpack.inside.pictures import begins_picture, open_picture
from clearance.intake.unpack.inside.programs import open_program
from clearance.intake.unpack.inside.pyz import open_pyz
from clearance.intake.unpack.inside.source_maps import open_map, open_script
from clearance.intake.unpack.inside.tarball import begins_tar, open_tar
from clearance.intake.unpack.inside.zipped import open_zip
from clearance.model.contents import Language

Opener = Callable[[Container], Remainder | None]
"""Opens a container. Gives what of it no member took; None where it stays whole, as it does when nothing is in it.

Raises Broken and LimitReached; what was found before stays found.
"""

_ZIPS = frozenset("zip jar whl vsix mcpb dxt nupkg egg crx xpi apk aar war pyz docx xlsx pptx odt epub skill".split())
_SHEBANG = b"#!"

_CLOSED = (
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x04\x22\x4d\x18", "compressed with lz4"),
    (0, b"\x1f\x9d", "compressed with compress (.Z)"),
    (0, b"LZIP", "compressed with lzip"),
    (0, b"!<arch>\ndebian-binary", "a Debian package"),
    (0, b"\xed\xab\xee\xdb", "an RPM package"),
    (0, b"xar!", "a macOS installer package (xar)"),
    (0, b"MSCF", "a cabinet archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a compound document (MSI or an old Office file)"),
    (0, b"hsqs", "a SquashFS image"),
    (0, b"070701", "a cpio archive"),
    (0, b"070707", "a cpio archive"),
    (8, b"AI\x02", "an AppImage, whose files lie in a SquashFS image"),
)
"""Where what begins so keeps its bytes, and what it is, in words that follow "it is"."""


def opener_of(name: str, head: bytes, size: int, language: Language) -> Opener | None:
    """What opens a member; None where nothing can hide in it in a form that is known."""
    suffix = name.rpartition("/")[2].lower().rpartition(".")[2]
    if (opener := _by_head(head, suffix)) is not None:
        return opener
    for at, magic, what in _CLOSED:
        if head[at : at + len(magic)] == magic:
            return partial(_stay_closed, what=what)
    if is_program(head):
        return open_program
    return _by_name(suffix, head, size, language)


def is_archive(opener: Opener) -> bool:
    """Whether it opens archives and programs; scripts and source maps hold pieces of text, which are cheap to open."""
    return opener not in (open_map, open_script)


def _by_head(head: bytes, suffix: str) -> Opener | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"Cr24")) or (
        head.startswith(_SHEBANG) and b"PK\x03\x04" in head
    ):
        return open_zip
    if begins_picture(head):
        return open_picture
    if begins_tar(head):
        return open_tar
    if begins_asar(head):
        return open_asar
    if head.startswith(b"PYZ\0"):
        return open_pyz
    for magic, codec in COMPRESSED:
        if head.startswith(magic):
            return partial(open_compressed, codec=codec)
    return partial(open_compressed, codec="brotli") if suffix == "br" and not is_text(head) else None


def _by_name(suffix: str, head: bytes, size: int, language: Language) -> Opener | None:
    if suffix in _ZIPS and not is_text(head):
        return open_zip
    if suffix in ("dmg", "iso") and not is_text(head):
        return partial(_stay_closed, what="a disk image")
    if suffix == "map" and size > 2:
        return open_map
    return open_script if language is Language.JAVASCRIPT or suffix == "css" else None


def _stay_closed(container: Container, *, what: str) -> None:
    container.closed("", container.region.size, f"It is {what}, which cannot be opened; only its raw bytes were read.")
