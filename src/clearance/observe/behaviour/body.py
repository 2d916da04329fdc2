"""A request body cut into leaves: one place and one text for each thing that could carry information.

Order, case and lexical form are leaves of their own, so that a marker in any of them has a place:
``body/keys`` (key order of an object), ``body/form`` (white space, escapes and number spelling of JSON).
"""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import parse_qsl

Leaf = tuple[str, str]
"""A place below the request, and the text that stood there."""

MAX_PARSED = 8 << 20
"""Bytes; a larger body is compared by size and digest only, and the caller reports a gap."""

_NAMED_BY = ("name", "id", "key", "type", "role")
_LEXEMES = re.compile(rb'"(?:[^"\\]|\\.)*"|[\s]+|-?\d[\d.eE+-]*')
_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


def undo_content_coding(body: bytes, coding: str) -> tuple[bytes, str]:
    """The body without its content coding, and the coding that could not be undone (empty if all could)."""
    for name in reversed([c.strip().lower() for c in coding.split(",") if c.strip()]):
        try:
            if name in ("gzip", "x-gzip"):
                body = _bounded(zlib.decompressobj(wbits=31), body)
            elif name == "deflate":
                body = _bounded(zlib.decompressobj(wbits=-15 if body[:1] != b"\x78" else 15), body)
            elif name != "identity":
                return body, name
        except (zlib.error, gzip.BadGzipFile):
            return body, name
    return body, ""


def _bounded(decoder: "zlib._Decompress", body: bytes) -> bytes:
    """At most MAX_PARSED bytes of output: a bomb is cut, and its digest differs only in what was read."""
    return decoder.decompress(body, MAX_PARSED + 1)


def body_leaves(body: bytes, content_type: str) -> Iterator[Leaf]:
    """The leaves of a decoded body: JSON by path, forms by field, text as one leaf, the rest by size and digest."""
    if not body:
        return
    if len(body) > MAX_PARSED:
        yield from _opaque_leaves(body)
    elif body[:1] in b'{["' or "json" in content_type:
        yield from _json_or_lines(body)
    elif "x-www-form-urlencoded" in content_type:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        yield "form/keys", "\n".join(name for name, _ in pairs)
        yield from ((f"form/{name}", value) for name, value in pairs)
    else:
        yield from _text_or_opaque(body)


def _json_or_lines(body: bytes) -> Iterator[Leaf]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        yield from _ndjson(body)
        return
    yield "form", json_form(body)
    yield from json_leaves(value, "json")


def _ndjson(body: bytes) -> Iterator[Leaf]:
    """JSON lines, as some telemetry sends them; anything else is text."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        values = [json.loads(line) for line in lines[:2000]]
    except (ValueError, RecursionError):
        yield from _text_or_opaque(body)
        return
    for number, value in enumerate(values):
        yield from json_leaves(value, f"json[{number}]")


def _text_or_opaque(body: bytes) -> Iterator[Leaf]:
    try:
        yield "text", body.decode("utf-8")
    except UnicodeDecodeError:
        yield from _opaque_leaves(body)


def _opaque_leaves(body: bytes) -> Iterator[Leaf]:
    yield "bytes", hashlib.sha256(body).hexdigest()
    yield "size", str(len(body))


def json_leaves(value: object, path: str, depth: int = 0) -> Iterator[Leaf]:
    """Every scalar, key order and list order below a decoded JSON value."""
    if depth > 60:
        yield path, "…"
    elif isinstance(value, dict):
        yield f"{path}/keys", "\n".join(value)
        for key, inner in value.items():
            yield from json_leaves(inner, f"{path}/{key}", depth + 1)
    elif isinstance(value, list):
        names = _element_names(value)
        yield f"{path}/order", "\n".join(names)
        for name, inner in zip(names, value, strict=True):
            yield from json_leaves(inner, f"{path}[{name}]", depth + 1)
    elif isinstance(value, str):
        yield path, value
        yield from _embedded(value, path, depth)
    else:
        yield path, json.dumps(value)


def _embedded(value: str, path: str, depth: int) -> Iterator[Leaf]:
    """JSON inside a JSON string, as telemetry likes it: its parts are places, so that noise in one hides no other."""
    if depth < 8 and value[:1] in "{[" and value[-1:] in "}]" and len(value) > 2:
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            return
        yield from json_leaves(inner, f"{path}:json", depth + 8)


def _element_names(values: list[object]) -> list[str]:
    """A name for each element that survives insertions: by its name or id where it has one, else by its number."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for number, value in enumerate(values):
        name = str(number)
        if isinstance(value, dict):
            name = next((str(value[k])[:80] for k in _NAMED_BY if isinstance(value.get(k), str)), name)
        elif isinstance(value, str):
            name = value[:80] if len(value) <= 80 else f"{value[:40]}~{len(value)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def json_form(body: bytes) -> str:
    """How JSON is written, not what it says: white space between tokens, escapes used, number spelling."""
    spaces: dict[bytes, int] = {}
    escapes: set[bytes] = set()
    numbers: set[str] = set()
    for token in _LEXEMES.findall(body):
        if token[:1] == b'"':
            if b"\\" in token:
                escapes.update(e[:2] + (b"x" if e[1:2] == b"u" else b"") for e in _ESCAPE.findall(token))
        elif token.isspace():
            spaces[token] = spaces.get(token, 0) + 1
        elif b"." in token or b"e" in token.lower():
            numbers.add("e" if b"e" in token else "E" if b"E" in token else ".0" if token.endswith(b".0") else ".")
    kinds = [f"space {token!r}" for token in sorted(spaces)[:8]]
    kinds += [f"escape {e.decode('latin-1')}" for e in sorted(escapes)]
    kinds += [f"number {n}" for n in sorted(numbers)]
    return "\n".join(kinds) or "compact"
