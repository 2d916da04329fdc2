"""What is known about each target, as data: paths, keys, and what it can and cannot enforce, with source and date."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a file lies on devices."""

    linux: str = ""
    macos: str = ""
    windows: str = ""
    source: str
    checked: str
    """How and when: ``ran 2.1.331 on 2026-11-25``, ``documentation 2026-11-22``, ``not checked``."""


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key of a vendor's settings that we write."""

    name: str
    does: str
    invalid: str = ""
    """What happens when its value cannot be read: ``refuses``, ``ignored`` (fails open), empty: not known."""
    source: str
    checked: str


class Cover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a kind of clause."""

    how: str
    by: str = ""
    why: str = ""


class TargetFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of facts."""

    title: str
    tool: str = ""
    seen: str
    """Which release it was tried on, or that it was not."""
    helper_decides: bool = False
    """With the helper, dates and audiences are decided on the device, from the bundle."""
    places: dict[str, Place] = {}
    key: tuple[Key, ...] = ()
    covers: dict[str, Cover]
    """Kind of clause to what becomes of it; ``other`` stands for the rest."""
    without_helper: dict[str, Cover] = {}
    """Instead of ``covers`` where the company signs no bundle."""
    tools: dict[str, dict[str, Cover]] = {}
    """For targets that carry rulings of every tool: what is different for one of them."""
    values: dict[str, tuple[str, ...]] = {}
    """Other lists that the target's module needs."""

    def cover(self, kind: str, *, tool: str, with_helper: bool) -> Cover:
        """What becomes of a kind of clause. Raises KeyError when the file does not say."""
        for table in (self.tools.get(tool, {}), {} if with_helper else self.without_helper, self.covers):
            if kind in table:
                return table[kind]
        return self.covers["other"]


@cache
def facts(name: str) -> TargetFacts:
    """The facts of that target. Raises msgspec.ValidationError: a file of ours is wrong."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), TargetFacts)
