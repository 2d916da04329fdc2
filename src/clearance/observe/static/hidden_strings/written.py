"""Whether a value needs a key at all."""

import re
import unicodedata
from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.likelihood import NATURAL
from clearance.observe.static.hidden_strings.prose import is_prose
from clearance.observe.static.hidden_strings.reading import as_text, read
from clearance.observe.static.hidden_strings.values import Value

PROBE: Final = 160
"""Bytes of a value that are looked at to see whether a kind of key is worth a try."""
_LONGEST: Final = 16 << 10
_VARIETY: Final = 10
_LETTERS: Final = 12
_FORMED: Final = (Hiding.HOSTS, Hiding.TIME_ZONES, Hiding.PATHS, Hiding.CODE)
_TERMINAL: Final = re.compile(rb"\x1b(?:\[[0-9;?]*[A-Za-z~]|[\]_][^\x07\x1b]*)")
_OPAQUE: Final = re.compile(rb"[^\t\n\r\x20-\x7e]")


def is_varied(data: bytes) -> bool:
    """True for bytes with enough different ones, and none too often, to hold text under a long key."""
    part = data[:PROBE]
    return len(set(part)) >= _VARIETY and part.count(max(set(part), key=part.count)) <= max(3, len(part) // 4)


def is_opaque(data: bytes) -> bool:
    """True for bytes of which more than a few are not printable ASCII; what colours a terminal is printable."""
    part = data[:PROBE]
    if _OPAQUE.search(part) is None:
        return False
    return len(_OPAQUE.findall(_TERMINAL.sub(b"", part))) > 1 + len(part) // 24


def is_written(value: Value) -> bool:
    """True for what needs no key: one was just taken off, or somebody would write it as it is."""
    if value.unlocked_last:
        return True
    text = as_text(value.joined[:4096])
    if text is None:
        return False
    if not text.isascii():
        return is_prose(text) or _are_symbols(text) or (not value.layers and _are_letters(text))
    if not value.layers and bits_a_byte(value.joined) < NATURAL:
        return True
    formed = len(value.joined) <= _LONGEST and any(sign in value.joined for sign in b"./\\;")
    reading = read(value.lines) if formed else None
    return reading is not None and reading.kind in _FORMED


def _are_letters(text: str) -> bool:
    """Letters of any script one by one, as tables of encodings have them; bytes under a key are not UTF-8 so long."""
    return text.isprintable() and sum(char > "\u00ff" and char.isalpha() for char in text) >= _LETTERS


def _are_symbols(text: str) -> bool:
    """Arrows, boxes, pictures, keys and icons of private use: what programs draw with."""
    beyond = [char for char in text if char > "\x7f"]
    assigned = not any(unicodedata.category(char) in {"Cc", "Cn"} for char in text)
    return assigned and 2 * sum(map(str.isalpha, beyond)) < len(beyond)
