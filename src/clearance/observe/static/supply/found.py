"""One manifest, and what was found in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from clearance.model.contents import BundledPackage, Dependency, SupplyFact
from clearance.observe.static.documents.node import Node, scalar
from clearance.observe.static.documents.reading import read_json, read_toml, text_of

_MOST_TEXT: Final = 4 << 10
_MOST_NAME: Final = 300
_INSTALLED: Final = re.compile(r"(?:^|/)(?:site-packages|dist-packages|node_modules)/", re.IGNORECASE)
_DEEPEST_PROJECT: Final = 3


@dataclass(slots=True)
class Found:
    """What one reader saw."""

    facts: list[SupplyFact] = field(default_factory=list)
    dependencies: list[Dependency] = field(default_factory=list)
    packages: list[BundledPackage] = field(default_factory=list)


class Manifest:
    """A file by its path and bytes. Its text and value are read when they are first asked for."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.place = path.replace("!/", "/").replace("\\", "/")
        self.folder, _, self.name = self.place.rpartition("/")

    @cached_property
    def text(self) -> str:
        """Its text, whatever the bytes."""
        return text_of(self.data)

    @cached_property
    def json(self) -> Node:
        """Its value as JSON; nothing where it is none."""
        return read_json(self.text) or Node(None)

    @cached_property
    def toml(self) -> Node:
        """Its value as TOML; nothing where it is none."""
        return read_toml(self.text) or Node(None)

    @property
    def is_project(self) -> bool:
        """Whether a package client that is pointed at the release builds from here: near the top, nothing installed."""
        inside = self.path.rpartition("!/")[2]
        return not _INSTALLED.search(self.place) and inside.count("/") <= _DEEPEST_PROJECT

    @property
    def is_at_root(self) -> bool:
        """Whether Python finds it when it starts: beside the packages, not within one."""
        inside = re.split(r"(?:^|/)(?:site-packages|dist-packages|purelib|platlib)/", self.place)[-1]
        return "/" not in inside if inside != self.place else self.path.rpartition("!/")[2].count("/") <= 1

    def fact(self, kind: str, subject: str, detail: str, text: str = "") -> SupplyFact:
        """The fact, cut to what the noun promises."""
        return SupplyFact(
            kind=kind,
            subject=scalar(subject)[:_MOST_NAME],
            detail=scalar(detail)[:_MOST_TEXT],
            text=scalar(text)[:_MOST_TEXT],
            path=self.path,
        )

    def dependency(self, name: str, wanted: str, ecosystem: str, kind: str) -> Dependency:
        """The dependency, cut."""
        return Dependency(
            name=scalar(name)[:_MOST_NAME],
            wanted=scalar(wanted)[:_MOST_NAME],
            ecosystem=ecosystem,
            kind=kind,
            path=self.path,
        )

    def package(self, name: str, version: str, ecosystem: str, found_by: str, licence: str = "") -> BundledPackage:
        """The package, cut."""
        return BundledPackage(
            name=scalar(name)[:_MOST_NAME],
            version=scalar(version)[:_MOST_NAME],
            ecosystem=ecosystem,
            licence=scalar(licence)[:_MOST_NAME],
            found_by=found_by,
            path=self.path,
        )


def listed(names: Iterable[str], most: int = 8) -> str:
    """``a, b and 4 more``."""
    given = list(dict.fromkeys(names))
    rest = len(given) - most
    return ", ".join(given[:most]) + (f" and {rest} more" if rest > 0 else "")
