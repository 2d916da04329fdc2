"""Whether characters look drawn at random, or like something that a person wrote to be read."""

import itertools
import math
import re
from collections import Counter
from typing import Final

_KINDS: Final = bytes(1 if 97 <= b <= 122 else 2 if 65 <= b <= 90 else 3 if 48 <= b <= 57 else 0 for b in range(256))
_SAID: Final = re.compile(
    rb"(?i)exampl|sample|placehold|your[_.\-a-z]|change[_-]?(?:me|it)|replace|redact|dummy|insert[_-]|fake|xxxx|"
    rb"\*\*\*|\.\.\.|"
    rb"todo|deadbeef|lorem|foobar|not[_-]?(?:a|real)|undefined|secret[_-]?here|<[a-z]|\$\{|\{\{|\}\}|%\(|\$\(|mock|"
    rb"my[_-]?(?:secret|token|key|pass)|test[_-]?(?:key|token|secret|pass)|process\.env|os\.environ"
)
_RUN: Final = re.compile(rb"([xX*#.\-_0])\1{6}")
_WORDS: Final = re.compile(rb"[A-Z]?[a-z]{2,}")
_ALPHABET: Final = b"abcdefghijklmnopqrstuvwxyz"
_HEX: Final = re.compile(rb"[0-9a-fA-F]+\Z")
UUID: Final = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")


def entropy(value: bytes) -> float:
    """Shannon entropy in bits a byte, of the value's own frequencies."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def placeholder(value: bytes) -> bool:
    """Whether it says that it stands for another: ``xxxx``, EXAMPLE, ``your-token``, ``${VAR}``, the alphabet."""
    if _SAID.search(value) or _RUN.search(value):
        return True
    low = value.lower()
    return any(low[i : i + 9] in _ALPHABET for i in range(len(low) - 8))


def looks_random(value: bytes) -> bool:
    """Whether letters, cases and digits follow one another as in drawn characters, and not as in words or names."""
    plain = [kind for kind in value.translate(_KINDS) if kind]
    if len(plain) < 8 or len(set(plain)) < 2 or 3 not in plain:
        return False
    if 2 in plain and sum(map(len, _WORDS.findall(value))) >= 0.5 * len(value):
        return False
    changes = sum(a != b for a, b in itertools.pairwise(plain)) / (len(plain) - 1)
    # Three kinds change at 0.65 in drawn base62, two kinds at 0.40 (base36) to 0.47 (hex).
    return changes >= (0.34 if len(set(plain)) == 3 else 0.24)


def hexadecimal(value: bytes) -> bool:
    """Whether it is all hex."""
    return _HEX.match(value) is not None
