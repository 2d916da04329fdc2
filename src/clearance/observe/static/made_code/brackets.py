"""How far a bracketed stretch of JavaScript goes; strings and comments within it are passed over."""

import re
from typing import Final

_SIGN: Final = re.compile(
    r"[()\[\]{}]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|//[^\n]*+|/\*.*?\*/", re.DOTALL
)
_OPENING: Final = "([{"
_CHAIN: Final = re.compile(r"\s*(?:\?\.|\.)\s*(?:then|catch|finally|on|once|pipe|addListener|end|json|text)\s*\(")


def closing(text: str, opened: int, *, most: int) -> int:
    """Where the bracket at ``opened`` is closed, or the end of the window of ``most`` characters."""
    depth, limit = 0, min(len(text), opened + most)
    for match in _SIGN.finditer(text, opened, limit):
        sign = match[0]
        if len(sign) > 1:
            continue
        depth += 1 if sign in _OPENING else -1
        if depth <= 0:
            return match.end()
    return limit


def chain_end(text: str, opened: int, *, most: int) -> int:
    """Where a call that begins its arguments at ``opened`` ends, with what is called on its answer: ``.then(…)``."""
    limit = opened + most
    end = closing(text, opened, most=most)
    while end < limit and (following := _CHAIN.match(text, end)):
        end = closing(text, following.end() - 1, most=limit - following.end() + 1)
    return min(end, limit)
