"""What people say when they direct an agent, in many languages, as data (``cues.toml``)."""

import functools
import re
from collections.abc import Iterator
from importlib.resources import files

import msgspec


class _Cues(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    conceal: dict[str, tuple[str, ...]]
    quiet: dict[str, tuple[str, ...]]
    secret: dict[str, tuple[str, ...]]
    send: dict[str, tuple[str, ...]]
    order: dict[str, tuple[str, ...]]
    override: dict[str, tuple[str, ...]]
    read: dict[str, tuple[str, ...]]
    run: dict[str, tuple[str, ...]]
    decode: dict[str, tuple[str, ...]]
    refuse: dict[str, tuple[str, ...]]


@functools.cache
def _cues() -> _Cues:
    return msgspec.toml.decode(files("clearance.detect.contents").joinpath("cues.toml").read_bytes(), type=_Cues)


@functools.cache
def _joined(group: str) -> re.Pattern[str]:
    languages: dict[str, tuple[str, ...]] = getattr(_cues(), group)
    # Lower case on both sides: ten times as fast as a pattern that ignores case.
    return re.compile("|".join(row.lower() for rows in languages.values() for row in rows))


def conceals(text: str) -> re.Match[str] | None:
    """Where a text says that something is to be kept from the user."""
    return _joined("conceal").search(text.lower())


def acts_quietly(text: str) -> re.Match[str] | None:
    """Where a text says that something is to be run without a word about it."""
    return _joined("quiet").search(text.lower())


def names_secrets(text: str) -> bool:
    """Whether it speaks of keys, passwords or the files that hold them."""
    return _joined("secret").search(text.lower()) is not None


def speaks_of_sending(text: str) -> bool:
    """Whether something is to go somewhere."""
    return _joined("send").search(text.lower()) is not None


def gives_orders(text: str) -> bool:
    """Whether somebody is told what to do."""
    return _joined("order").search(text.lower()) is not None


def overrides(text: str) -> bool:
    """Whether what was said before is to be set aside."""
    return _joined("override").search(text.lower()) is not None


def reads(text: str) -> bool:
    """Whether something is to be read or copied."""
    return _joined("read").search(text.lower()) is not None


def runs_commands(text: str) -> bool:
    """Whether a program is to be run: a shell, a fetcher, an interpreter, or a command by its name."""
    return _joined("run").search(text.lower()) is not None


def has_decoded_and_followed(text: str) -> Iterator[re.Match[str]]:
    """Where a text says to decode something and to run or follow what comes out, and does not warn of it."""
    low = text.lower()
    for match in _joined("decode").finditer(low):
        if not _joined("refuse").search(low, max(0, match.start() - 60), match.end()):
            yield match
