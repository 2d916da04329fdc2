"""JSON as it comes from outside, walked without trusting its shape.

A missing or differently shaped part reads as empty; only bytes that are no JSON at all raise.
"""

from typing import TypeAlias

import msgspec

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 200
"""Deeper nesting than this is refused: no API needs it, and walking it would exhaust the stack."""


class WireError(Exception):
    """The bytes are not a message of the protocol that they claim to be."""

    advice = "The client sent something that its API does not describe; the recorded bytes show what."


def parse(body: bytes) -> Json:
    """The JSON value in ``body``.

    Raises:
        WireError: the bytes are not JSON in UTF-8, or are nested deeper than ``MAX_DEPTH``.
    """
    try:
        value: Json = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"not JSON: {error}") from error
    if _deeper_than(value, MAX_DEPTH):
        raise WireError(f"JSON nested deeper than {MAX_DEPTH}")
    return value


def encode(value: Json) -> bytes:
    """Compact JSON in UTF-8, keys in the order given."""
    return msgspec.json.encode(value)


def encode_text(value: Json) -> str:
    """The same as text."""
    return encode(value).decode()


def mapping(value: Json) -> dict[str, Json]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> tuple[Json, ...]:
    """The members of the array, or none."""
    return tuple(value) if isinstance(value, list) else ()


def text(value: Json) -> str:
    """The string, or an empty one."""
    return value if isinstance(value, str) else ""


def whole(value: Json) -> int | None:
    """The integer, or None. True and false are not integers."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def at(value: Json, *names: str) -> Json:
    """What lies under a path of object keys, or None."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def either(value: Json, *names: str) -> Json:
    """What lies under the first of these keys that is there (``camelCase`` beside ``snake_case``), or None."""
    tree = mapping(value)
    return next((tree[name] for name in names if name in tree), None)


def _deeper_than(value: Json, limit: int) -> bool:
    layer: list[Json] = [value]
    for _ in range(limit):
        layer = [child for node in layer for child in _children(node)]
        if not layer:
            return False
    return True


def _children(node: Json) -> list[Json]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
