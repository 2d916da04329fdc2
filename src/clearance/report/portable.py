"""Values to JSON text that every reader can take: ASCII, no half characters, no numbers that are none."""

import json
import math

import msgspec


def portable_json(value: object) -> str:
    """JSON text of structs and plain values, indented by two, a line feed at the end. The same value, the same bytes.

    What is invisible or deceptive stands there as an escape. Half surrogate pairs, which strict readers refuse, are
    spelt out; a float that is no finite number is null.
    """
    plain = _plain(msgspec.to_builtins(value, order="deterministic"))
    # json escapes all but DEL, which is invisible too; it can only stand inside a string.
    return json.dumps(plain, indent=2).replace("\x7f", "\\u007f") + "\n"


def _plain(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
