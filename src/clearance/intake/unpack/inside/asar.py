"""Electron's asar: a JSON directory, then files one after another, each a stretch of the archive."""

import hashlib
from collections.abc import Iterator

import msgspec

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.listed import decoded
from clearance.intake.unpack.inside.region import Broken
from clearance.intake.unpack.inside.tarball import leads_out
from clearance.intake.unpack.names import printable
from clearance.model.contents import Language

_LARGEST_DIRECTORY = 24 << 20
_MOST_NODES = 800_000
"""Objects in the JSON, two for each file: every one takes a hundred bytes and more."""
_DEEPEST = 200


class _Integrity(msgspec.Struct, frozen=True):
    algorithm: str = ""
    hash: str = ""


class _Node(msgspec.Struct, frozen=True):
    files: "dict[str, _Node] | None" = None
    size: int = 0
    offset: str = ""
    link: str | None = None
    unpacked: bool = False
    integrity: _Integrity | None = None


def begins_asar(head: bytes) -> bool:
    """Two pickled lengths, a padded string of JSON."""
    if len(head) < 18 or head[:4] != b"\x04\0\0\0":
        return False
    pickle, string, text = (int.from_bytes(head[at : at + 4], "little") for at in (4, 8, 12))
    return pickle >= string >= text and head[16:].lstrip().startswith(b'{"files"')


def open_asar(container: Container) -> Remainder:
    """Its files; those kept beside the archive are found there. Raises Broken and LimitReached."""
    region = container.region
    length, text = (int.from_bytes(region.exactly(at, 4), "little") for at in (4, 12))
    if max(length, text) > _LARGEST_DIRECTORY:
        raise Broken(f"it has a directory of {text} bytes")
    directory = region.exactly(16, text)
    if directory.count(b"{") > _MOST_NODES:
        raise Broken(f"its directory has more than {_MOST_NODES} parts")
    base = 8 + length
    top = decoded(directory, _Node)
    for path, node in _walk(top):
        _entry(container, path, node, base)
    container.unclaimed(base, region.size)
    return Remainder(at=0, size=min(base, region.size), language=Language.DATA)


def _walk(top: _Node) -> Iterator[tuple[str, _Node]]:
    waiting = [("", top)]
    while waiting:
        path, node = waiting.pop()
        if node.files is None:
            yield path, node
        elif path.count("/") < _DEEPEST:
            below = [(f"{path}/{name}" if path else name, child) for name, child in node.files.items()]
            waiting += reversed(below)


def _entry(container: Container, path: str, node: _Node, base: int) -> None:
    container.check_name(path)
    if node.link is not None:
        if leads_out("", node.link):  # an asar's links count from its root
            container.problem("link-outside", path, f"a link to {printable(node.link)}", "it was not followed")
        return
    if node.unpacked:
        return
    if not (node.offset.isascii() and node.offset.isdigit() and len(node.offset) < 19):
        container.closed(path, node.size, "Its archive does not say where it lies.")
        return
    try:
        at = base + int(node.offset)
        container.lies(path, at, node.size, how="asar-entry")
    except Broken as broken:
        container.closed(path, node.size, f"Its archive is wrong: {broken}.")
        return
    if node.integrity is not None and node.integrity.algorithm == "SHA256" and node.size:
        _check(container, path, at, node)


def _check(container: Container, path: str, at: int, node: _Node) -> None:
    assert node.integrity is not None
    digest = hashlib.sha256()
    for piece in container.region.pieces(at, at + node.size):
        digest.update(piece)
    if digest.hexdigest() != node.integrity.hash.lower():
        container.problem("wrong-digest", path, "it is not what the archive's directory says it was", "it was read")
