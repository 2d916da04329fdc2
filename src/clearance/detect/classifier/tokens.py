"""Words of a window as bucket numbers for the encoder: the word, how it begins, how it ends."""

import re
import zlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

TOKEN_BUCKETS: Final = 1 << 16
MOST_TOKENS: Final = 320
"""Tokens of a window that are read: a window of code has fewer."""
PARTS: Final = 3
_IDEOGRAM: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN: Final = re.compile(rf"[{_IDEOGRAM}]|(?:(?![{_IDEOGRAM}])[^\W\d_])+|\d+|\n+|[^\w\s]|_")

TokenIds = NDArray[np.int32]


def token_ids(text: str) -> TokenIds:
    """An array of (tokens, 3) bucket numbers; 0 is kept for padding. At least one row, of zeros for an empty text."""
    found = _TOKEN.findall(text.lower())[:MOST_TOKENS]
    if not found:
        return np.zeros((1, PARTS), dtype=np.int32)
    return np.array([_ids(word) for word in found], dtype=np.int32)


@lru_cache(maxsize=1 << 15)
def _ids(word: str) -> tuple[int, int, int]:
    if word[0].isdigit():
        word = "0" * min(len(word), 4)
    elif word[0] == "\n":
        word = "\n"
    return _bucket("w" + word), _bucket("b" + word[:3]), _bucket("e" + word[-3:])


def _bucket(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % (TOKEN_BUCKETS - 1) + 1
