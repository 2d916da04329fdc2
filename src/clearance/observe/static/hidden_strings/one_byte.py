"""A value under the best of its one-byte keys: what reads best, or what is another coding or stream again."""

import binascii
import functools
from collections.abc import Iterator, Sequence
from typing import Final

from clearance.observe.static.hidden_strings.belief import rank, said_either_way
from clearance.observe.static.hidden_strings.named_keys import shown, xor
from clearance.observe.static.hidden_strings.prose import char_bits, is_prose
from clearance.observe.static.hidden_strings.reading import as_text
from clearance.observe.static.hidden_strings.scrambles import CODED, Guess, tables
from clearance.observe.static.hidden_strings.streams import opened
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.written import PROBE, is_varied

_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_HEADS: Final = (b"\x1f\x8b\x08", b"\x78\x9c", b"\x78\xda", b"\x78\x01", b"\x78\x5e", b"BZh", b"\xfd7zXZ")
_DIGITS: Final = b"0123456789+/"
_ROTATED: Final = 24
_GLANCE: Final = 1024
_USUAL: Final = "shift 13 (letters)"
_LEAST_STREAM, _MOST_STREAM = 24, 64 << 10
_GZIP_HEADS: Final = tuple(b"\x1f\x8b\x08\0\0\0\0\0" + bytes((level,)) for level in (0, 2, 4))
"""How gzip begins when it carries neither a name nor a time."""


def picked(value: Value, options: Sequence[Guess]) -> Iterator[Value]:
    """The value under the best of its likely keys, and under those that leave another coding."""
    best: tuple[float, Value] | None = None
    coded = [guess for guess in options if guess.bits == CODED]
    for guess in [*_by_script(value, [guess for guess in options if guess.bits < CODED]), *coded]:
        inner = value.unlocked(guess.layer, tuple(part.translate(guess.table) for part in value.parts), free=1)
        if guess.bits == CODED:
            yield inner
            continue
        if plain := said_either_way(inner):
            order = rank(plain[1]) if inner.lines.isascii() else guess.bits
            if best is None or order < best[0]:
                best = order, plain[0]
    if best:
        yield best[1]


def _by_script(value: Value, options: Sequence[Guess]) -> Sequence[Guess]:
    """Beyond ASCII many keys leave UTF-8 of the same form: then all are compared by how usual their letters are."""
    if not options:
        return options
    sample = value.joined[:PROBE]
    if sample.translate(options[0].table).isascii() or not is_varied(sample):
        return options
    options = [guess for guess in options if as_text(sample.translate(guess.table)) is not None]
    found = []
    for layer, meaning in zip(*tables(), strict=True) if options else ():
        text = as_text(sample.translate(meaning.tobytes()))
        if text and not text.isascii():
            bits = sum(char_bits(char) if char > "\x7f" else 6.0 for char in text) / len(text)
            found.append(Guess(layer=layer, table=meaning.tobytes(), bits=bits))
    found.sort(key=lambda guess: guess.bits)
    return found[:3] or options


def compressed(value: Value) -> Iterator[Value]:
    """A compressed stream under a one-byte key, known by its first bytes."""
    if len(value.parts) > 1 or len(value.joined) < 20:
        return
    data = value.joined
    for head in _HEADS:
        key, step = data[0] ^ head[0], (data[0] - head[0]) & 255
        if key and bytes(octet ^ key for octet in data[: len(head)]) == head:
            table = bytes(octet ^ key for octet in range(256))
            yield value.unlocked(f"xor {key}", (data.translate(table),), free=0)
        if step and bytes((octet - step) & 255 for octet in data[: len(head)]) == head:
            table = bytes((octet - step) & 255 for octet in range(256))
            yield value.unlocked(f"shift {step}", (data.translate(table),), free=0)


def turned(value: Value) -> Iterator[Value]:
    """Base64 whose letters were rotated: told by what it decodes to, because any rotation is of the same alphabet.

    The usual rotation, by half the alphabet, is taken off in any case: a key may lie beneath it.
    """
    head = value.joined[:_ROTATED].translate(_URL_SAFE)
    if not value.locked or value.guessed or len(head) < _ROTATED or head.translate(None, _BASE64[:64]):
        return
    if value.joined.translate(None, _BASE64) or len(set(head.translate(None, _DIGITS))) < _ROTATED // 3:
        return
    for layer, meaning in _rotations():
        inside = binascii.a2b_base64(head.translate(meaning))
        if layer == _USUAL or inside.startswith(_HEADS) or as_text(inside) is not None:
            parts = tuple(part.translate(meaning) for part in value.parts)
            yield value.unlocked(layer, parts, free=1)


@functools.cache
def _rotations() -> tuple[tuple[str, bytes], ...]:
    named = zip(*tables(), strict=True)
    return tuple(
        (name, meaning.tobytes())
        for name, meaning in named
        if name.endswith("(letters)") or name == "reversed alphabet"
    )


def streamed(value: Value) -> Iterator[Value]:
    """A raw deflate or brotli stream under a one-byte key: they have no mark, so every key is tried."""
    if len(value.parts) > 1 or not _LEAST_STREAM <= len(value.joined) <= _MOST_STREAM:
        return
    for layer, meaning in _simple_keys():
        plain = value.joined.translate(meaning)
        for stream, inside in opened(plain):
            text = as_text(inside[:_GLANCE])
            if text and len(inside) >= _LEAST_STREAM and (text.isascii() or is_prose(text, known=True)):
                yield value.unlocked(layer, (plain,), free=1).without(stream, (inside,))


@functools.cache
def _simple_keys() -> tuple[tuple[str, bytes], ...]:
    named = zip(*tables(), strict=True)
    return tuple((name, meaning.tobytes()) for name, meaning in named if name.rsplit(" ", 1)[0] in ("xor", "shift"))


def headed(value: Value) -> Iterator[Value]:
    """A gzip stream under a key of 2 to 8 bytes that repeats: its first bytes are known."""
    data = value.joined
    if len(value.parts) > 1 or len(data) < _LEAST_STREAM:
        return
    for header in _GZIP_HEADS:
        key = bytes(octet ^ known for octet, known in zip(data, header, strict=False))
        for length in range(2, len(header)):
            if all(key[at] == key[at % length] for at in range(len(key))) and len(set(key[:length])) > 1:
                plain = xor(data, key[:length])
                if next(opened(plain), None):
                    yield value.unlocked(f"xor {shown(key[:length])}", (plain,), free=1)
                break
