"""Bytes to text, and text to values: JSON as tools really write it, TOML, and the YAML of ``yaml_text``.

1. A key that is written twice holds both tables or lists, because readers differ in which they take; of two texts the
   last holds.
2. Comments and commas before a closing bracket are no reason not to read JSON.
3. What cannot be read is None, never an exception.
"""

import codecs
import json
import re
import tomllib
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.documents.yaml_text import read_yaml

LARGEST: Final = 16 << 20
"""Bytes of JSON that are read."""
_LARGEST_OTHER: Final = 1 << 20
"""Bytes of TOML or YAML: readers written in Python take their time."""
_ENDLESS_KEY: Final = re.compile(r"(?:\.[ \t]*[\w\"'-]+[ \t]*){100}")
"""A dotted key of that many parts takes ``tomllib`` the square of its length; nobody writes one."""
_BYTE_ORDER: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMENT: Final = re.compile(r'("(?:[^"\\]++|\\.)*+(?:"|\Z))|//[^\n]*+|/\*.*?(?:\*/|\Z)', re.DOTALL)
_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]++|\\.)*+(?:"|\Z))|,(\s*+[\]}])', re.DOTALL)
_LONGEST_NUMBER: Final = 400


def text_of(data: bytes | memoryview) -> str:
    """The text, whatever the bytes: a byte order mark decides, what is wrong is replaced."""
    raw = bytes(data)
    for mark, name in _BYTE_ORDER:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    return raw.decode("utf-8", "replace")


def read_json(text: str) -> Node | None:
    """JSON, with comments and last commas if need be; None when it is not that."""
    if len(text) > LARGEST:
        return None
    found = _json(text)
    return found if found is not None else _json(without_comments(text))


def without_comments(text: str) -> str:
    """JSON without what JSON does not have."""
    bare = _COMMENT.sub(lambda m: m[1] or " ", text)
    return _LAST_COMMA.sub(lambda m: m[1] or m[2] or "", bare)


def read_toml(text: str) -> Node | None:
    """TOML; None when it is not that, or too large."""
    if len(text) > _LARGEST_OTHER or _ENDLESS_KEY.search(text):
        return None
    try:
        return Node(tomllib.loads(text))
    except (ValueError, RecursionError, OverflowError):
        return None


def read_yaml_text(text: str) -> Node | None:
    """The YAML that settings use; None when it is too large."""
    return None if len(text) > _LARGEST_OTHER else Node(read_yaml(text))


def _json(text: str) -> Node | None:
    try:
        return Node(json.loads(text, object_pairs_hook=_both, parse_int=_number, strict=False))
    except (ValueError, RecursionError):
        return None


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


def _both(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found.clear()
    for key, value in pairs:
        known = found.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            found[key] = {**known, **value}
        elif isinstance(known, list) and isinstance(value, list):
            found[key] = [*known, *value]
        else:
            found[key] = value
    return found
