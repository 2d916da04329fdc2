"""Lines of strace (``-f -ttt -y -o``) to calls.

The strings in them come from the tool under test: anything may be there. What is not a call, or not whole, is left
out; no bytes make this raise.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE = re.compile(rb"\s*(\d{1,10})\s+(\d{1,12}\.\d{1,9}) (.*)", re.DOTALL)
_NAME = re.compile(rb"([a-z0-9_]{1,40})\(")
_RESUMED = re.compile(rb"<\.\.\. ([a-z0-9_]{1,40}) resumed>")
_RESULT = re.compile(rb"\s*= (-?\d{1,20}|\?)(?:<([^>]*)>)?(?: ([A-Z][A-Z0-9_]*))?")
_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>]*>|[()\[\]{},]|[^"<()\[\]{},]+|.', re.DOTALL)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?', re.DOTALL)
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_FOLDER = re.compile(rb"(?:AT_FDCWD|\d+)<([^>]*)>")
_PLAIN_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f", b"a": b"\a", b"b": b"\b"}
_UNFINISHED = b" <unfinished ...>"
_MOST_UNFINISHED = 4096
_MOST_LINE = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call that returned."""

    pid: int
    at: float
    """Unix seconds at which it was made."""
    name: str
    arguments: tuple[bytes, ...]
    """As strace wrote them."""
    value: int
    path: str
    """What the returned descriptor stands for, where it is one."""
    error: str
    """``ENOENT``; empty when it succeeded."""


def calls(lines: Iterable[bytes]) -> Iterator[Call]:
    """The whole calls in these lines, in the order in which they returned."""
    waiting: dict[tuple[bytes, bytes], tuple[bytes, bytes]] = {}
    for line in lines:
        parts = _LINE.match(line.rstrip(b"\n")) if len(line) <= _MOST_LINE else None
        if parts is None:
            continue
        pid, at, text = parts.groups()
        if text.endswith(_UNFINISHED):
            if (name := _NAME.match(text)) and len(waiting) < _MOST_UNFINISHED:
                waiting[pid, name[1]] = (at, text[: -len(_UNFINISHED)])
            continue
        if resumed := _RESUMED.match(text):
            begun = waiting.pop((pid, resumed[1]), None)
            if begun is None:
                continue
            at, text = begun[0], begun[1] + text[resumed.end() :]
        if call := _call(int(pid), float(at), text):
            yield call


def _call(pid: int, at: float, text: bytes) -> Call | None:
    name = _NAME.match(text)
    if name is None:
        return None
    arguments, end = _arguments(text, name.end())
    result = _RESULT.match(text, end)
    if result is None or result[1] == b"?":
        return None
    return Call(
        pid=pid,
        at=at,
        name=name[1].decode(),
        arguments=arguments,
        value=int(result[1]),
        path=shown(unescape(result[2] or b"")),
        error=(result[3] or b"").decode() if int(result[1]) < 0 else "",
    )


def _arguments(text: bytes, start: int) -> tuple[tuple[bytes, ...], int]:
    """The arguments from behind the opening parenthesis, and where the text goes on behind the closing one."""
    found: list[bytes] = []
    current: list[bytes] = []
    depth = 1
    end = len(text)
    for piece in _PIECE.finditer(text, start):
        token = piece[0]
        if token in (b"(", b"[", b"{"):
            depth += 1
        elif token in (b")", b"]", b"}"):
            depth -= 1
            if depth == 0:
                end = piece.end()
                break
        if token == b"," and depth == 1:
            found.append(b"".join(current).strip())
            current = []
        else:
            current.append(token)
    last = b"".join(current).strip()
    return ((*found, last) if found or last else ()), end


def unescape(text: bytes) -> bytes:
    """A C string as strace writes it, back to its bytes."""
    return _ESCAPE.sub(_plain, text) if b"\\" in text else text


def _plain(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    if code[:1] == b"x" and len(code) == 3:
        return bytes((int(code[1:], 16),))
    if code.isdigit() and code < b"8":
        return bytes((int(code, 8) & 0xFF,))
    return _PLAIN_ESCAPES.get(code, code)


def shown(raw: bytes) -> str:
    """Bytes as text that any encoder takes; odd bytes become a backslash, x and two hex digits."""
    return raw.decode("utf-8", "backslashreplace")


def text_of(argument: bytes) -> str | None:
    """The string that an argument is; None when it is something else (a pointer, NULL)."""
    match = _STRING.fullmatch(argument)
    return shown(unescape(match[1])) + ("…" if match[2] else "") if match else None


def texts_of(argument: bytes) -> tuple[str, ...]:
    """The strings of an array argument, cut ones marked with ``…``."""
    return tuple(shown(unescape(match[1])) + ("…" if match[2] else "") for match in _STRING.finditer(argument))


def folder_of(argument: bytes) -> str | None:
    """The folder that a descriptor argument stands for (``AT_FDCWD</home/dev>``)."""
    match = _FOLDER.fullmatch(argument)
    return shown(unescape(match[1])) if match else None
