"""A text without a grammar as pieces that can be looked at like a script's literals."""

import re
from typing import Final

import numpy as np

from clearance.observe.static.script import LiteralKind, Script

_PIECE: Final = re.compile(
    rb"((?:[A-Za-z0-9+/_-]{20,}+[ \t]*+\r?\n[ \t>*#/]*+)+[A-Za-z0-9+/_-]{2,}+={0,2})|"
    rb'"((?:[^"\\\n]++|\\.)*+)"|\'((?:[^\'\\\n]++|\\.)*+)\'|`([^`\n]++)`|([^\s"\'`<>,;(){}\[\]]{20,}+)|"|\'|`'
)


def pieces(data: bytes) -> Script:
    """Quoted values, long unbroken words and blocks of coded lines of a text as literals.

    Quotes count only when they close on their line.
    """
    spans = [match.span(match.lastindex) for match in _PIECE.finditer(data) if match.lastindex]
    edges = np.array(spans, np.int64).reshape(-1, 2)
    return Script(
        data=data,
        starts=edges[:, 0],
        ends=edges[:, 1],
        kinds=np.full(len(edges), LiteralKind.STRING, np.uint8),
        joined=np.zeros(len(edges), np.bool_),
    )
