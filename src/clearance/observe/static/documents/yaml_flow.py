"""Values that YAML writes within brackets or quotes: ``[Read, "Bash(git:*)"]``, ``{name: x}``, ``'it''s'``."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_TOKEN: Final = re.compile(
    r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|[\[\]{},]|:(?=[\s\"'\[{]|\Z)|(?:[^\"'\[\]{},:#]|(?<=\S)[#\"']|:(?=\S))++|#[^\n]*+|.",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U000([0-9a-fA-F]{5})|(.))", re.DOTALL)
_NAMED: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "\n": ""}
_QUOTED: Final = re.compile(r"\"((?:[^\"\\]|\\.)*+)|'((?:[^']|'')*+)", re.DOTALL)
_DEEPEST: Final = 24

Flow = dict[str, object] | list[object] | str | None


def unquoted(first: str, further: Sequence[str] = ()) -> str:
    """What stands between the quotes; to the end where the second is missing."""
    whole = " ".join(filter(None, (first, *further))) if further else first
    found = _QUOTED.match(whole)
    if found is None:
        return whole
    if found[1] is None:
        return found[2].replace("''", "'")
    return _ESCAPE.sub(_character, found[1])


def read_flow(first: str, further: Sequence[str] = ()) -> Flow:
    """A list or table within brackets, as far as it goes; what is nested deeper than 24 is left out."""
    text = "\n".join((first, *further))
    return _Flow(token for token in map(str.strip, _TOKEN.findall(text)) if token and token[0] != "#").value(0)


class _Flow:
    """Tokens that are read one after another."""

    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens
        self._now = next(tokens, "")

    def _step(self) -> str:
        token, self._now = self._now, next(self._tokens, "")
        return token

    def value(self, depth: int) -> Flow:
        """The next value."""
        if depth > _DEEPEST:
            return None
        match self._now:
            case "[":
                self._step()
                return self._list(depth)
            case "{":
                self._step()
                return self._table(depth)
            case _:
                return self._text()

    def _text(self) -> str:
        parts = []
        while self._now and self._now not in ("[", "]", "{", "}", ",", ":"):
            token = self._step()
            parts.append(unquoted(token) if token[0] in "\"'" and len(token) > 1 else token)
        return " ".join(parts)

    def _list(self, depth: int) -> list[object]:
        found: list[object] = []
        while self._now and self._now not in ("]", "}"):
            if self._now in (",", ":"):
                self._step()
                continue
            found.append(self._item(depth))
        self._step()
        return found

    def _item(self, depth: int) -> object:
        """A value of a list; ``key: value`` there is a table of one."""
        before = self._now
        item = self.value(depth + 1)
        if item is None and self._now == before:
            self._step()  # too deep: step over the bracket
        if isinstance(item, str) and self._now == ":":
            self._step()
            return {item: self.value(depth + 1)}
        return item

    def _table(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while self._now and self._now not in ("]", "}"):
            if self._now in (",", "[", "{"):
                self._step()
                continue
            key = self._text()
            if self._now == ":":
                self._step()
                found[key] = self.value(depth + 1) if self._now not in (",", "}", "]") else None
            else:
                found[key] = None
        self._step()
        return found


def _character(match: "re.Match[str]") -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16))
    return _NAMED.get(match[4], match[4])
