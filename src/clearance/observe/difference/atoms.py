"""Text to atoms: words, numbers, dates, ids, white space; joined again they are the text.

An atom's kind depends on its own text alone, so equal atoms are one object and a large text costs one pass of one
regular expression.
"""

import enum
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clearance.observe.difference import dates

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\ ?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?:Z\b|[+-]\d{2}:?\d{2}\b)?"
_DATE = rf"""
      (?<!\d)\d{{4}}(?:-\d{{1,2}}-|/\d{{1,2}}/|\.\d{{1,2}}\.)\d{{1,2}}(?!\d|[-/.]\d)
    | (?<!\d)\d{{1,2}}(?:-\d{{1,2}}-|/\d{{1,2}}/|\.\d{{1,2}}\.)\d{{4}}(?!\d|[-/.]\d)
    | (?<!\d)\d{{1,2}}/\d{{1,2}}/\d{{2}}(?![\d/])
    | (?<!\d)\d{{4}}年\d{{1,2}}月\d{{1,2}}日
    | (?:{_WEEKDAY},?\ )?\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH}\.?,?[ -]\d{{4}}(?!\d)
    | (?:{_WEEKDAY},?\ )?{_MONTH}\.?\ \d{{1,2}}(?:st|nd|rd|th)?,?\ \d{{4}}(?!\d)
"""
_PATTERN = re.compile(
    rf"""
      (?P<quick>[a-z]{{1,15}}+(?![\w+/-]))
    | (?P<space>\s+)
    | (?P<mark>[^\w\s+/-])
    | (?P<word>(?![A-Za-z]{{3,9}}[.,]?\ (?:\d|[A-Z][a-z]{{2,8}}\ \d))(?![A-Za-z0-9+/_-]{{16}})[^\W\d_]++(?!\w))
    | (?P<uuid>(?<!\w)[0-9a-fA-F]{{8}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{12}}(?!\w))
    | (?P<timestamp>(?<!\d)\d{{4}}-\d{{1,2}}-\d{{1,2}}T{_CLOCK}{_ZONE})
    | (?P<date>{_DATE})
    | (?P<clock>(?<![\w:]){_CLOCK}(?![\w:]))
    | (?P<version>(?<![\w.])v?\d+(?:\.\d+){{2,}}(?:[-+][0-9A-Za-z.]*[0-9A-Za-z])?(?!\w))
    | (?P<hex>(?<![^\W_])(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])(?:[0-9a-f]{{8,}}|[0-9A-F]{{8,}})(?![^\W_]))
    | (?P<number>(?<![\w.])(?:\d{{1,3}}(?:[,_]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w|\.\d))
    | (?P<base64>(?<!\w)(?=[A-Za-z+/_-]*[0-9])(?=[0-9A-Z+/_-]*[a-z])(?=[0-9a-z+/_-]*[A-Z])
        (?![A-Za-z]+[-_/][A-Za-z]+[-_/])(?:[A-Za-z0-9_-]{{16,}}|[A-Za-z0-9+/]{{16,}})={{0,2}}(?!\w))
    | (?P<plain>[^\W\d_]+|\d+|_+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FINDER = re.compile(re.sub(r"\(\?P<\w+>", "(?:", _PATTERN.pattern), re.VERBOSE | re.DOTALL)
"""The same without groups: ``findall`` then gives the texts themselves, at twice the speed."""


class AtomKind(enum.StrEnum):
    """What an atom is."""

    SPACE = "space"
    WORD = "word"
    UUID = "uuid"
    TIMESTAMP = "timestamp"
    """ISO 8601 date and time in one."""
    DATE = "date"
    CLOCK = "clock"
    EPOCH = "epoch"
    """Seconds, milli-, micro- or nanoseconds since 1970, from 2001 to 2064."""
    VERSION = "version"
    HEX = "hex"
    NUMBER = "number"
    BASE64 = "base64"
    PUNCTUATION = "punctuation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Atom:
    """One atom. Positional on purpose: millions are made."""

    kind: AtomKind
    text: str


class _Made(dict[str, Atom]):
    """Each distinct text is classified once."""

    def __missing__(self, text: str) -> Atom:
        made = self[text] = Atom(kind_of(text), text)
        return made


def pieces(text: str) -> list[str]:
    """The texts of the atoms only, for those that need nothing else of most of them."""
    return _FINDER.findall(text)


def atoms(text: str) -> tuple[Atom, ...]:
    """The atoms of ``text``, in order; their texts joined are ``text`` again."""
    made = _Made()
    return tuple(map(made.__getitem__, pieces(text)))


def kind_of(text: str) -> AtomKind:
    """The kind of one atom's text."""
    match = _PATTERN.fullmatch(text)
    group = next((name for name in _GROUPS if match.group(name)), "other") if match else "other"
    if group == "quick":
        return AtomKind.WORD
    if group == "plain":
        group = "number" if text.isdigit() else "word" if text[0].isalpha() else "punctuation"
    if group == "number" and is_epoch(text):
        return AtomKind.EPOCH
    if group in {"mark", "other"}:
        return AtomKind.PUNCTUATION if text in string.punctuation or not text.isalnum() else AtomKind.OTHER
    return AtomKind(group)


_GROUPS = tuple(_PATTERN.groupindex)


def is_epoch(text: str) -> bool:
    """True for digits that are a time since 1970 in s, ms, µs or ns, from 2001 to 2064."""
    whole = text.partition(".")[0]
    if not whole.isdigit() or not whole.isascii() or len(whole) not in {10, 13, 16, 19}:
        return False
    return 1_000_000_000 <= int(whole[:10]) <= 2_999_999_999


def shape(atom: Atom) -> str:
    """The form of an atom without its value: ``uuid4``, ``hex:32:lower``, ``int:5``, ``date:%Y-%m-%d``, ``b64:44``."""
    describe = _SHAPES.get(atom.kind)
    return describe(atom.text) if describe else atom.text


def _hex_shape(text: str) -> str:
    return f"hex:{len(text)}:{'lower' if text == text.lower() else 'upper'}"


def _number_shape(text: str) -> str:
    if text.isdigit():
        return f"int:{len(text)}"
    mantissa = text.lower().partition("e")
    whole, _, fraction = mantissa[0].partition(".")
    grouped = ":grouped" if {",", "_"} & set(whole) else ""
    return f"decimal:{len(whole)}.{len(fraction)}{grouped}{':exponent' if mantissa[1] else ''}"


_SHAPES: Mapping[AtomKind, Callable[[str], str]] = MappingProxyType(
    {
        AtomKind.UUID: lambda text: f"uuid{text[14]}" + (":upper" if text != text.lower() else ""),
        AtomKind.HEX: _hex_shape,
        AtomKind.BASE64: lambda text: f"b64:{len(text)}",
        AtomKind.EPOCH: lambda text: f"epoch:{len(text)}",
        AtomKind.NUMBER: _number_shape,
        AtomKind.DATE: lambda text: f"date:{dates.pattern(text)}",
        AtomKind.TIMESTAMP: lambda text: f"timestamp:{dates.pattern(text)}",
        AtomKind.CLOCK: lambda text: f"clock:{dates.pattern(text)}",
        AtomKind.VERSION: lambda text: f"version:{text.count('.') + 1}",
        AtomKind.WORD: lambda _text: "word",
        AtomKind.SPACE: lambda text: f"space:{text!r}",
    }
)
"""Kinds that are not listed are their own shape."""
