"""Strings that surprise letter by letter and hide nothing: search patterns, drawn lines, words with marks between."""

import re
from typing import Final

from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.likelihood import NATURAL

_PATTERN: Final = re.compile(
    rb"\(\?(?:[:!=>]|<[!=])|\\{1,2}[wsdbSWDB.*+?()[\]{}|/$^-]|\[\^?[^\]\s]{1,40}\][*+?{]?|[)\w.][*+?](?=[)(?\\\[|$]|\Z)"
)
_GLANCE: Final = 512
_SHARE: Final = 0.3
"""Of a search pattern, bytes that only a pattern has."""
_DRAWN: Final = 3
_FEW: Final = 0.2
_BEYOND: Final = re.compile(rb"[\x80-\xff]+")


def is_ordinary(raw: bytes) -> bool:
    """True for a search pattern, for one to three signs over and over, and for words with some marks beyond ASCII."""
    head = raw[:_GLANCE]
    if not head.isascii():
        plain = _BEYOND.sub(b"", head)
        return len(head) - len(plain) <= _FEW * len(head) and bits_a_byte(plain) < NATURAL
    if len(set(head)) <= _DRAWN and not head.isalnum():
        return True
    return len(b"".join(_PATTERN.findall(head))) >= _SHARE * len(head)
