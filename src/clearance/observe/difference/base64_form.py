"""The same octets in base64, written otherwise: bits that stand for nothing, another alphabet, padding left out."""

import base64
import binascii
import re

_SIGNS = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_LEAST = 8
_URL_SAFE = str.maketrans("-_", "+/")


def same_octets(before: str, after: str, at: int, staged_at: int) -> tuple[str, str] | None:
    """The whole base64 strings around two places that differ, when both stand for the same octets; else None.

    One of them has to be as an encoder writes it, and has to look like base64 (digits and both cases, or padding): two
    words that differ in their last letter are none.
    """
    one, other = _around(before, at), _around(after, staged_at)
    if one is None or other is None or one == other:
        return None
    octets = _octets(one), _octets(other)
    if not octets[0] or octets[0] != octets[1]:
        return None
    usual = base64.b64encode(octets[0]).decode().rstrip("=")
    canonical = [text for text in (one, other) if text.translate(_URL_SAFE).rstrip("=") == usual]
    return (one, other) if any(map(_looks_encoded, canonical)) else None


def _around(text: str, at: int) -> str | None:
    """The run of base64 signs that a place lies in or ends."""
    start = max(0, at - 4096)
    found = (m for m in _SIGNS.finditer(text, start, at + 4096) if m.start() <= at <= m.end())
    match = next(found, None)
    return match.group() if match and len(match.group()) >= _LEAST else None


def _octets(text: str) -> bytes:
    bare = text.translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return b""


def _looks_encoded(text: str) -> bool:
    mixed = all(any(test(char) for char in text) for test in (str.isdigit, str.islower, str.isupper))
    return mixed or text.endswith("=")
