"""A body that is not quite JSON, as a patient reader takes it: a conversation that goes on shows more of itself."""

import contextlib
import json

_MOST = 4 << 20
_PADDING = " \t\r\n\0\ufeff"


def first_json(body: bytes) -> bytes | None:
    """The first JSON value in a body, as UTF-8; None when it does not begin with one.

    Overlooked are a byte order mark, another encoding of Unicode, NULs around it, bytes that are no text inside
    strings, and whatever stands behind it.
    """
    for encoding in dict.fromkeys((json.detect_encoding(body), "utf-8")) if len(body) <= _MOST else ():
        text = body.decode(encoding, "replace").lstrip(_PADDING)
        with contextlib.suppress(ValueError, RecursionError):
            _, end = json.JSONDecoder().raw_decode(text)
            return text[:end].encode("utf-8", "replace")
    return None
