"""Whether decoded bytes say something."""

import re
from typing import Final

_PRINTED: Final = bytes([9, 10, 13, *range(0x20, 0x7F)])
_PROSE: Final = re.compile(r"[^\W_]| ")
_LEAST: Final = 0.6
"""Share of letters, digits and spaces in what says something."""
_GLANCE: Final = 4096


def readable(data: bytes, *, least: int = 4) -> str:
    """The text that bytes hold, in UTF-8 or UTF-16; empty where they hold none, or less than so many code points."""
    others = data.translate(None, _PRINTED)
    if not others:
        text = data.decode("ascii")
    elif len(data) >= 8 and data[1::2].count(0) * 4 > len(data[1::2]) * 3 and len(data) % 2 == 0:
        text = data.decode("utf-16-le", "replace")
    elif min(others) < 0x20 or 0x7F in others:
        return ""
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return ""
    if len(text) < least:
        return ""
    shown = text[:_GLANCE]
    return text if len(_PROSE.findall(shown)) >= _LEAST * len(shown) else ""


def begins_readable(data: bytes) -> bool:
    """Whether bytes, cut anywhere, can be the beginning of a text."""
    others = data.translate(None, _PRINTED)
    if not others:
        return True
    if data[1::2].count(0) * 4 > len(data[1::2]) * 3:
        return True
    if min(others) < 0x20 or 0x7F in others:
        return False
    for cut in range(4):
        try:
            data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False
