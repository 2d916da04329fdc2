"""Escapes of string literals undone, as the language would."""

import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(\r\n|.))",
    re.DOTALL,
)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "a", "\n": "", "\r\n": ""}
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def unescape(raw: bytes, *, python: bool = False) -> str:
    """The text that a literal stands for; bytes that are no UTF-8 become U+FFFD. Never raises."""
    text = raw.decode("utf-8", "replace")
    if "\\" not in text:
        return text
    text = _ESCAPE.sub(_python if python else _javascript, text)
    return _SURROGATES.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _javascript(match: re.Match[str]) -> str:
    braced, short, _, byte, octal, other = match.groups()
    if number := braced or short or byte:
        return _char(int(number, 16))
    if octal:
        return _char(int(octal, 8))
    return _SIMPLE.get(other, other) if other else match.group()[1:]  # \U is no escape here


def _python(match: re.Match[str]) -> str:
    braced, short, long, byte, octal, other = match.groups()
    if braced is not None:
        return match.group()
    if number := short or long or byte:
        return _char(int(number, 16))
    if octal:
        return _char(int(octal, 8))
    if other == "a":
        return "\a"
    return _SIMPLE.get(other, other if other in "\\'\"" else f"\\{other}")


def _char(number: int) -> str:
    return chr(number) if number <= 0x10FFFF else "\ufffd"
