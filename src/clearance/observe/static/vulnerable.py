"""Advisories of an OSV dump that name a package of a release.

1. A dump is bytes that hold records one after another, however they are set: one file a record, a list, lines.
2. It is read once for each question, record by record; only records about packages that were asked for are kept.
3. Records that are withdrawn do not count; records that are the same flaw under other names are one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from packaging.utils import canonicalize_name

from clearance.model.contents import BundledPackage, Vulnerability
from clearance.observe.static.advisories import Advisory, Affected, joined, read_advisory

_LARGEST: Final = 16 << 20
"""Bytes of one record."""
_BRACE: Final = re.compile(rb'[^"{}]*+(?:"(?:[^"\\]++|\\.)*+"[^"{}]*+)*+([{}])', re.DOTALL)

Key = tuple[str, str]
"""Ecosystem and name."""


class OsvDump:
    """A dump to ask; ``chunks`` are its bytes in order, an empty one where a file ends.

    An iterator can be asked once, anything that can be iterated again as often as one likes.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.records = 0
        """Records read for the last question."""
        self.unreadable = 0
        """Of these, records that are none: their packages were not looked up."""

    def known(self, packages: Iterable[BundledPackage]) -> tuple[Vulnerability, ...]:
        """Every advisory that a package's version falls under, by package; packages without a version are left out."""
        wanted: dict[Key, list[BundledPackage]] = defaultdict(list)
        for package in packages:
            if package.version:
                wanted[_key(package.ecosystem, package.name)].append(package)
        found: dict[BundledPackage, list[tuple[Advisory, Affected]]] = defaultdict(list)
        for advisory in self._advisories():
            for affected in advisory.affected:
                for package in wanted.get(_key(affected.package.ecosystem, affected.package.name), ()):
                    if not advisory.withdrawn and affected.holds(package.version):
                        found[package].append((advisory, affected))
        rows = (row for package, hits in found.items() for row in joined(package, hits))
        return tuple(sorted(rows, key=lambda v: (v.ecosystem, v.package, v.version, v.advisory)))

    def _advisories(self) -> Iterator[Advisory]:
        self.records = self.unreadable = 0
        for record in documents(self._chunks):
            self.records += 1
            advisory = read_advisory(record)
            if advisory is None:
                self.unreadable += 1
            else:
                yield advisory


def documents(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The outermost ``{…}`` of a stream, whatever stands between them; where the stream is cut never matters.

    What is longer than 16 MiB, or is not closed when a file ends, is left out.
    """
    held, at, begin, depth = b"", 0, 0, 0
    for chunk in chunks:
        held = held + chunk if chunk else b""
        if not held or len(held) > _LARGEST:
            held, at, begin, depth = b"", 0, 0, 0
            continue
        while (brace := _BRACE.match(held, at)) is not None:
            at = brace.end()
            if brace[1] == b"{":
                begin = at - 1 if depth == 0 else begin
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    yield held[begin:at]
        keep = begin if depth else at
        held, at, begin = held[keep:], at - keep, 0


def _key(ecosystem: str, name: str) -> Key:
    plain = ecosystem.partition(":")[0]
    return plain, canonicalize_name(name) if plain == "PyPI" else name
