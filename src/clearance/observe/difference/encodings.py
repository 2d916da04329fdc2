"""A statement under one of the usual encodings: there, but not to be read."""

import base64
import functools
import urllib.parse
from collections.abc import Iterable

_LEAST = 4
"""Shorter statements are found everywhere by chance."""


def encoded_statement(text: str, elsewhere: str, renderings: Iterable[str]) -> tuple[str, str] | None:
    """``(encoding, rendering)`` of the first rendering that ``text`` holds encoded and ``elsewhere`` does not."""
    for rendering in sorted(renderings, key=lambda each: (-len(each), each)):
        for name, needle in _encodings(rendering):
            if needle in text and needle not in elsewhere:
                return name, rendering
    return None


@functools.lru_cache(maxsize=1024)
def _encodings(rendering: str) -> tuple[tuple[str, str], ...]:
    if len(rendering) < _LEAST:
        return ()
    raw = rendering.encode("utf-8", "surrogatepass")
    found = [("base64", needle) for needle in _base64(raw) if len(needle) >= 5]
    found += [("hex", raw.hex()), ("hex", raw.hex().upper())]
    percent = urllib.parse.quote(rendering, safe="")
    found += [("percent", form) for form in (percent, percent.lower(), percent.replace("%2F", "%2f"))]
    found += [("percent", "".join(f"%{byte:02X}" for byte in raw)), ("reversed", rendering[::-1])]
    return tuple((name, needle) for name, needle in dict.fromkeys(found) if needle != rendering)


def _base64(raw: bytes) -> list[str]:
    """What base64 of any text that holds ``raw`` must hold: one form for each alignment and alphabet."""
    forms = []
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).decode()
        first = (0, 2, 3)[shift]
        last = len(raw) + shift
        stable = text[first : last * 8 // 6]
        forms += [stable, stable.replace("+", "-").replace("/", "_")]
    return list(dict.fromkeys(forms))
