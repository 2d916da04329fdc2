"""A request body cut into leaves: one place and one text for each thing that could carry information.

Key order and list order are leaves of their own; numbers keep their spelling; a key that is there twice is two places;
how all of it is written (white space, escapes) is in the leaves of :mod:`lexical`.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl

from clearance.observe.behaviour.json_places import Leaf, json_leaves, parsed
from clearance.observe.behaviour.lexical import WRITTEN, form_choices, json_choices

MAX_PARSED = 4 << 20
"""Bytes; a larger body is compared by size and digest only, and the caller reports a gap."""

_MOST_CODINGS = 4
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a byte order mark"}
_MOST_LINES = 2000
_MOST_REPEATED = 20


def undo_content_coding(body: bytes, coding: str) -> tuple[bytes, str]:
    """The body without its content coding, and what could not be undone of it, in words (empty if all could).

    At most ``MAX_PARSED + 1`` bytes come out: a bomb is cut.
    """
    names = [c.strip().lower() for c in coding.split(",") if c.strip(" \t")]
    if len(names) > _MOST_CODINGS:
        return body, f"{len(names)} codings over each other"
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body, problem = _gunzipped(body)
        elif name == "deflate":
            body, problem = _inflated(body)
        else:
            problem = "" if name == "identity" else "coded"
        if problem:
            return body, f"{name[:40]}, {problem}" if problem != "coded" else name[:40]
    return body, ""


def _gunzipped(body: bytes) -> tuple[bytes, str]:
    """Every member of a gzip file: what stands behind the first one was sent as well."""
    out, rest = bytearray(), body
    while rest and len(out) <= MAX_PARSED:
        decoder = zlib.decompressobj(wbits=31)
        try:
            out += decoder.decompress(rest, MAX_PARSED + 1 - len(out))
        except zlib.error:
            return (bytes(out) + rest, "with other bytes behind it") if out else (body, "broken")
        if not decoder.eof:
            return bytes(out), "" if len(out) > MAX_PARSED else "cut short"
        rest = decoder.unused_data
    return bytes(out), ""


def _inflated(body: bytes) -> tuple[bytes, str]:
    """``deflate`` as the standard says (zlib), or as many clients send it (raw)."""
    for wbits in (15, -15):
        decoder = zlib.decompressobj(wbits=wbits)
        try:
            out = decoder.decompress(body, MAX_PARSED + 1)
        except zlib.error:
            continue
        if not decoder.eof:
            return out, "" if len(out) > MAX_PARSED else "cut short"
        return (out + decoder.unused_data, "with other bytes behind it") if decoder.unused_data else (out, "")
    return body, "broken" if body else ""


def body_leaves(body: bytes, content_type: str) -> Iterator[Leaf]:
    """The leaves of a decoded body: JSON by path, forms by field, text as one leaf, the rest by size and digest.

    Total: any bytes under any type.
    """
    kind = content_type.lower()
    if not body:
        return
    if len(body) > MAX_PARSED:
        yield from _opaque_leaves(body)
    elif body.lstrip()[:1] in (b"{", b"[", b'"') or "json" in kind:
        yield from _json_or_lines(body)
    elif "x-www-form-urlencoded" in kind:
        yield from form_leaves(body.decode("utf-8", "backslashreplace"), "form")
    else:
        yield from _text_or_opaque(body)


def form_leaves(text: str, kind: str) -> Iterator[Leaf]:
    """The leaves of URL-encoded fields: their names in order, each value, and how they are spelt.

    ``kind``: ``form`` for a body, ``query`` for the end of a request's target.
    """
    pairs = parse_qsl(text, keep_blank_values=True, errors="backslashreplace")
    yield f"{kind}/keys", "\n".join(name for name, _ in pairs)
    yield from ((f"{kind}/{name}", value) for name, value in pairs)
    yield from ((WRITTEN + situation, choice) for situation, choice in form_choices(text, kind))


def _json_or_lines(body: bytes) -> Iterator[Leaf]:
    encoding = json.detect_encoding(body)
    try:
        text = body.decode(encoding, "surrogatepass")
        repeated: list[str] = []
        value = parsed(text, repeated)
    except (ValueError, RecursionError):
        yield from _json_lines(body)
        return
    yield f"{WRITTEN}JSON encoding", _ENCODINGS.get(encoding, encoding)
    often = Counter(repeated).most_common(_MOST_REPEATED)
    yield f"{WRITTEN}JSON repeated keys", ", ".join(f"{key} {more + 1} times" for key, more in often) or "none"
    plain = body if encoding == "utf-8" else text.encode("utf-8", "surrogatepass")
    yield from ((WRITTEN + situation, choice) for situation, choice in json_choices(plain))
    yield from json_leaves(value, "json")


def _json_lines(body: bytes) -> Iterator[Leaf]:
    """JSON lines, as some telemetry sends them; anything else is text."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        values = [parsed(line) for line in lines[:_MOST_LINES]]
    except (ValueError, RecursionError):
        yield from _text_or_opaque(body)
        return
    yield from ((WRITTEN + situation, choice) for situation, choice in json_choices(b"\n".join(lines[:_MOST_LINES])))
    for number, value in enumerate(values):
        yield from json_leaves(value, f"json[{number}]")
    if len(lines) > _MOST_LINES:
        yield f"json[{_MOST_LINES}…]", hashlib.sha256(b"\n".join(lines[_MOST_LINES:])).hexdigest()


def _text_or_opaque(body: bytes) -> Iterator[Leaf]:
    try:
        yield "text", body.decode("utf-8")
    except UnicodeDecodeError:
        yield from _opaque_leaves(body)


def _opaque_leaves(body: bytes) -> Iterator[Leaf]:
    yield "bytes", hashlib.sha256(body).hexdigest()
    yield "size", str(len(body))
