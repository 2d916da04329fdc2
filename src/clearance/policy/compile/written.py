"""Bytes of the files that targets get: JSON and TOML, always the same for the same policy."""

import json
from collections.abc import Mapping

import msgspec


def as_json(value: object) -> bytes:
    """JSON for people: indented, keys in the order given, a line end at the end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def as_toml(table: Mapping[str, object], *, comment: str) -> bytes:
    """TOML of texts, booleans, numbers, lists of texts, tables and lists of tables, after a comment.

    Raises:
        TypeError: another kind of value.
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    _write(lines, table, ())
    return ("\n".join(lines) + "\n").encode()


def _write(lines: list[str], table: Mapping[str, object], path: tuple[str, ...]) -> None:
    later: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            later.append((key, value))
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in later:
        named = (*path, key)
        header = ".".join(_key(part) for part in named)
        for part in value if isinstance(value, list) else [value]:
            lines += ["", f"[[{header}]]" if isinstance(value, list) else f"[{header}]"]
            if isinstance(part, Mapping):
                _write(lines, part, named)


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"no TOML for {type(value).__name__}")


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, except that DEL and surrogates need care."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
