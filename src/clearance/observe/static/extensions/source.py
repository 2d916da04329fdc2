"""A file that may extend an agent: its path, its text, its value; and the door through which facts about it leave."""

import re
import shlex
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node, scalar
from clearance.observe.static.documents.reading import read_json, read_toml, read_yaml_text, text_of
from clearance.observe.static.extensions.unseen import unseen_in

_MOST_TEXT: Final = 16 << 10
_MOST_UNSEEN: Final = 2 << 10
_MOST_LINE: Final = 4 << 10
_MOST: Final = 200
"""Commands, addresses or permissions of one fact."""
_URL: Final = re.compile(r"\b(?:https?|wss?|ftp|ssh|git(?:\+\w+)?)://[^\s\"'<>`\\)\]}|,;]+")
_SECRET: Final = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\A(?:Bearer )?\$?[{$%<].*")


class Source:
    """One file. Its value is read when it is first asked for."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.place = path.replace("!/", "/").replace("\\", "/")
        """The path with what lies inside an archive below it like a folder: what places are matched against."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.place.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The file's name without what follows its first full stop."""
        return self.name.lstrip(".").partition(".")[0] or self.name

    @property
    def folder(self) -> str:
        """Name of the folder that it lies in, empty at the top."""
        return self.place.rpartition("/")[0].rpartition("/")[2]

    @cached_property
    def text(self) -> str:
        """Its text, whatever the bytes."""
        return text_of(self.data)

    @cached_property
    def value(self) -> Node | None:
        """Its value, read as its name says; None when it cannot be."""
        match self.name.lower().rpartition(".")[2]:
            case "toml":
                return read_toml(self.text)
            case "yaml" | "yml":
                return read_yaml_text(self.text)
            case _:
                return read_json(self.text)

    def fact(
        self,
        kind: str,
        name: str,
        *,
        commands: Iterable[str] = (),
        urls: Iterable[str] = (),
        permissions: Iterable[str] = (),
        text: str = "",
        unseen: Iterable[str] | None = None,
        offset: int = -1,
    ) -> Extension:
        """The fact, cut to what the noun promises; addresses in the text and commands are among its ``urls``.

        ``unseen`` is looked for in the text where it is not given.
        """
        lines = _cut(commands, _MOST_LINE)
        given = (
            *urls,
            *(m[0].rstrip(".:!?*_") for line in (*lines, text[: 4 * _MOST_TEXT]) for m in _URL.finditer(line)),
        )
        return Extension(
            kind=kind,
            name=scalar(name.strip())[:_MOST] or self.name[:_MOST] or "?",
            path=self.path,
            commands=lines,
            urls=_cut(given, _MOST_UNSEEN),
            permissions=_cut(permissions, _MOST_UNSEEN),
            text=scalar(text)[:_MOST_TEXT],
            unseen=_cut(unseen_in(text) if unseen is None else unseen, _MOST_UNSEEN),
            offset=offset,
        )


def command_line(words: Iterable[str]) -> str:
    """Program and arguments as one would type them; a single text is a command line already."""
    given = tuple(words)
    return given[0] if len(given) == 1 else shlex.join(given)


def setting(key: str, value: str) -> str:
    """``key: value`` as a permission; what looks like a secret of somebody's own is not repeated."""
    last = key.rpartition(".")[2]
    if _SECRET.search(last) and not _REFERENCE.match(value) and "://" not in value and len(value) > 8:
        value = "…"
    return f"{key}: {value}"


def words_of(value: Node) -> str:
    """A text; of a table or list, its texts one a line (a colon in an unquoted line of YAML makes tables of texts)."""
    return value.text() or "\n".join(text for _, text in value.leaves())


def _cut(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """Each text once, stripped and cut, at most 200."""
    found = dict.fromkeys(scalar(text.strip()[:most]) for text in texts)
    return tuple(text for text in found if text)[:_MOST]
