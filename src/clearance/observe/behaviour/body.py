"""A request body cut into leaves: one place and one text for each thing that could carry information.

Key order and list order are leaves of their own; numbers keep their spelling; a key that is there twice is two places;
how all of it is written (white space, escapes) is in the leaves of :mod:`lexical`.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from clearance.observe.behaviour.lexical import WRITTEN, form_choices, json_choices

Leaf = tuple[str, str]
"""A place below the request, and the text that stood there."""

MAX_PARSED = 8 << 20
"""Bytes; a larger body is compared by size and digest only, and the caller reports a gap."""

BATCH = 8
"""Records; a longer list of nameless records is read as a batch."""
FEW = 4
"""Values of one field of a batch that are compared as they are."""
_WORD = re.compile(r"[A-Za-z_.:/ -]{2,80}")
_FORM = re.compile(r"[0-9a-fA-F]+")

_NAMED_BY = ("name", "id", "key", "type", "role")
_MOST_CODINGS = 4
_MOST_LINES = 2000
_DEEPEST = 60


def undo_content_coding(body: bytes, coding: str) -> tuple[bytes, str]:
    """The body without its content coding, and what could not be undone of it, in words (empty if all could).

    At most ``MAX_PARSED + 1`` bytes come out: a bomb is cut.
    """
    names = [c.strip().lower() for c in coding.split(",") if c.strip(" \t")]
    if len(names) > _MOST_CODINGS:
        return body, f"{len(names)} codings over each other"
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body, problem = _members(body)
        elif name == "deflate":
            body, problem = _inflated(body)
        else:
            problem = "" if name == "identity" else "coded"
        if problem:
            return body, f"{name[:40]}, {problem}" if problem != "coded" else name[:40]
    return body, ""


def _members(body: bytes) -> tuple[bytes, str]:
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
        value = _parsed(text)
    except (ValueError, RecursionError):
        yield from _json_lines(body)
        return
    yield f"{WRITTEN}JSON encoding", encoding
    plain = body if encoding == "utf-8" else text.encode("utf-8", "surrogatepass")
    yield from ((WRITTEN + situation, choice) for situation, choice in json_choices(plain))
    yield from json_leaves(value, "json")


def _json_lines(body: bytes) -> Iterator[Leaf]:
    """JSON lines, as some telemetry sends them; anything else is text."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        values = [_parsed(line) for line in lines[:_MOST_LINES]]
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


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it is spelt: ``0.50`` is another text than ``0.5``. Positional: the decoder makes them."""

    text: str


def _parsed(text: str | bytes) -> object:
    """JSON with spelt numbers and without lost keys. Raises ValueError, RecursionError."""
    return json.loads(
        text, parse_int=_Number, parse_float=_Number, parse_constant=_Number, object_pairs_hook=_every_key
    )


def _every_key(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; a key that comes again is kept as ``key#2``."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, object] = {}
    counts: dict[str, int] = {}
    for key, value in pairs:
        name = key
        while name in every:
            counts[key] = counts.get(key, 1) + 1
            name = f"{key}#{counts[key]}"
        every[name] = value
    return every


def json_leaves(value: object, path: str, depth: int = 0) -> Iterator[Leaf]:
    """Every scalar, key order and list order below a decoded JSON value."""
    if depth > _DEEPEST:
        yield path, _flat(value)
    elif isinstance(value, dict):
        yield f"{path}/keys", "\n".join(value)
        for key, inner in value.items():
            yield from json_leaves(inner, f"{path}/{key}", depth + 1)
    elif isinstance(value, list) and _is_batch(value):
        yield from _batch_leaves(value, path, depth)
    elif isinstance(value, list):
        names = _element_names(value)
        yield f"{path}/order", "\n".join(names)
        for name, inner in zip(names, value, strict=True):
            yield from json_leaves(inner, f"{path}[{name}]", depth + 1)
    elif isinstance(value, str):
        yield path, value
        yield from _embedded(value, path, depth)
    else:
        yield path, _scalar(value)


def _is_batch(values: list[object]) -> bool:
    """Many records of one kind, as telemetry sends them: their number and order are the sender's rhythm."""
    return len(values) > BATCH and all(
        isinstance(v, dict) and not {"name", "id", "role", "content"} & v.keys() for v in values
    )


def _batch_leaves(values: list[object], path: str, depth: int) -> Iterator[Leaf]:
    """One place for each field of the records.

    A field with few values is compared by them; of one with many, words (names of events) are places of their own and
    everything else (ids, times) by form only: many random values have no stable order to compare them in.
    """
    seen: dict[str, set[str]] = {}
    for value in values:
        for place, text in json_leaves(value, f"{path}[*]", depth + 1):
            seen.setdefault(place, set()).add(text)
    for place, texts in seen.items():
        if len(texts) <= FEW:
            yield place, "\n".join(sorted(texts))
            continue
        yield from ((f"{place} = {text}", "sent") for text in sorted(texts) if _WORD.fullmatch(text))
        forms = {_FORM.sub("0", text)[:40] for text in texts if not _WORD.fullmatch(text)}
        if len(forms) <= FEW:
            yield f"{place} forms", "\n".join(sorted(forms))


def _scalar(value: object) -> str:
    return value.text if isinstance(value, _Number) else value if isinstance(value, str) else json.dumps(value)


def _flat(value: object) -> str:
    """A value below the deepest place that has a name, as one text; without recursion, it may be deep."""
    pieces: list[str] = []
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            pieces.append(f"{{{len(current)}")
            waiting += [part for key, inner in reversed(current.items()) for part in (inner, key)]
        elif isinstance(current, list):
            pieces.append(f"[{len(current)}")
            waiting += reversed(current)
        else:
            pieces.append(_scalar(current))
    return " ".join(pieces)


def _embedded(value: str, path: str, depth: int) -> Iterator[Leaf]:
    """JSON inside a JSON string, as telemetry likes it: its parts are places, so that noise in one hides no other."""
    if depth < 8 and value[:1] in ("{", "[") and value[-1:] in ("}", "]") and len(value) > 2:
        try:
            inner = _parsed(value)
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
            telling = (v for k in _NAMED_BY if isinstance(v := value.get(k), str) and _telling(k, v))
            name = next(telling, name)[:80]
        elif isinstance(value, str):
            name = value[:80] if len(value) <= 80 else f"{value[:40]}~{len(value)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _telling(key: str, text: str) -> bool:
    """Whether a name is worth having: an id that was drawn would make a place that no other run has."""
    return key not in ("id", "key") or len(text) < 6 or not any(c.isdigit() for c in text)
