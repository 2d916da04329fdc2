"""What an expression of Python comes to where it is made of literals: put together, turned round, decoded."""

import ast
import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

LARGEST: Final = 1 << 20
"""Bytes that are decoded of one expression."""
_DEEPEST: Final = 12
_ALPHABETS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "b64decode": base64.b64decode,
    "standard_b64decode": base64.b64decode,
    "urlsafe_b64decode": base64.urlsafe_b64decode,
    "b32decode": base64.b32decode,
    "b16decode": base64.b16decode,
    "b85decode": base64.b85decode,
    "a85decode": base64.a85decode,
    "decodebytes": base64.decodebytes,
    "a2b_base64": binascii.a2b_base64,
    "a2b_hex": binascii.a2b_hex,
    "unhexlify": binascii.unhexlify,
    "fromhex": lambda data: bytes.fromhex(data.decode("ascii", "replace")),
    "decompress": lambda data: zlib.decompressobj(47).decompress(data, LARGEST),
}
_LAST: Final = re.compile(r"(?:.*\.)?(\w+)\Z")


def literal_bytes(
    node: ast.AST, named: Callable[[ast.expr], str], texts: Mapping[str, bytes], deep: int = 0
) -> bytes | None:
    """The bytes that it comes to; None where it is not made of literals, or above one MiB. Never raises.

    ``named`` says which function an expression names, ``texts`` what names hold.
    """
    if deep > _DEEPEST:
        return None
    match node:
        case ast.Constant(value=str() as text):
            return text.encode("utf-8", "replace") if len(text) <= LARGEST else None
        case ast.Constant(value=bytes() as data):
            return data if len(data) <= LARGEST else None
        case ast.Name(id=name):
            return texts.get(name)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = (literal_bytes(side, named, texts, deep + 1) for side in (left, right))
            return None if first is None or second is None or len(first + second) > LARGEST else first + second
        case ast.Subscript(
            value=inner, slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp(ast.USub(), ast.Constant(1)))
        ):
            held = literal_bytes(inner, named, texts, deep + 1)
            return None if held is None else held[::-1]
        case ast.Call(func=ast.Attribute(value=inner, attr="encode")):
            return literal_bytes(inner, named, texts, deep + 1)
        case ast.Call(func=func, args=[inner, *_]) if (last := _LAST.match(named(func))) and last[1] in _ALPHABETS:
            held = literal_bytes(inner, named, texts, deep + 1)
            return None if held is None else _decoded(last[1], held)
        case _:
            return None


def _decoded(name: str, held: bytes) -> bytes | None:
    try:
        return _ALPHABETS[name](held)
    except (ValueError, zlib.error):
        return None
