"""Bytes in another arrangement: from the end to the begin, in every other place, as code points in UTF-8."""

from collections.abc import Iterator
from typing import Final

from clearance.observe.static.hidden_strings.belief import likelier_backwards
from clearance.observe.static.hidden_strings.prose import is_prose
from clearance.observe.static.hidden_strings.reading import as_text
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.written import is_opaque

_GAIN: Final = 0.35
"""Bits a byte that must be gained by reading from the end."""
_CODED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_STREAM_ENDS: Final = (b"\x8b\x1f", b"\x9c\x78", b"\xda\x78", b"\x01\x78", b"\x5e\x78", b"hZB", b"zXZ7\xfd"[::-1])
_LEAST: Final = 24
_VARIETY: Final = 6
_GLANCE: Final = 128


def arranged(value: Value) -> Iterator[Value]:
    """The value in each other arrangement that makes it likelier or can hold another coding."""
    data = value.joined
    if "reversed" not in value.layers and _may_be_reversed(data, guess=value.guessed == 0):
        yield value.turned()
    if len(value.parts) == 1 and len(data) >= _LEAST:
        yield from _sixteen_bits(value, data)
    if not data.isascii():
        yield from _code_points(value)


def _sixteen_bits(value: Value, data: bytes) -> Iterator[Value]:
    """UTF-16; and bytes of which every other one only fills."""
    for first, coding in ((1, "utf-16-le"), (0, "utf-16-be")):
        constant, others = set(data[first : 2 * _LEAST : 2]), set(data[1 - first : 4 * _LEAST : 2])
        filling = len(constant) == 1 and not bytes(constant).isalnum() and len(others) >= _VARIETY
        if filling and set(data[first::2]) == constant:
            yield value.without("utf-16" if constant == {0} else "every other byte", (data[1 - first :: 2],))
            return
        if (
            len(data) % 2 == 0
            and _looks_written(data, coding)
            and is_opaque(data)
            and is_prose(_as_utf16(data[:_GLANCE], coding))
        ):
            yield value.without("utf-16", (_as_utf16(data, coding).encode("utf-8", "replace"),))
            return


def _looks_written(data: bytes, coding: str) -> bool:
    """The first code units are letters, marks or blanks: by chance one value in ten begins so."""
    return all(
        char.isalpha() or char in " ,.:;!?，。、：；！？（）「」\ufeff" for char in data[:20].decode(coding, "replace")
    )


def _as_utf16(data: bytes, coding: str) -> str:
    return data.decode(coding, "replace").removeprefix("\ufeff")


def _code_points(value: Value) -> Iterator[Value]:
    """Bytes that were stored as text, each as the code point of its number."""
    try:
        texts = [part.decode() for part in value.parts]
    except UnicodeDecodeError:
        return
    if max(map(max, filter(None, texts)), default="") < "\u0100":
        yield value.without("utf-8", tuple(text.encode("latin-1") for text in texts))


def _may_be_reversed(data: bytes, *, guess: bool) -> bool:
    """Likelier from its end; or base64, or a stream, that shows it by what it ends with."""
    if len(data) < _LEAST:
        return False
    if data[-2:] in _STREAM_ENDS or data.endswith(_STREAM_ENDS):
        return True
    if not data.isascii():
        text = as_text(data[-_GLANCE:][::-1])
        return text is not None and is_prose(text)
    if guess and _CODED.issuperset(data[:256]) and len(data) <= 1 << 20:
        return not _HEX.issuperset(data[:256])
    return likelier_backwards(data, _GAIN)
