"""Numbers of persons: a word that names the kind, then a number whose check digits hold."""

import functools
import re
from collections.abc import Iterator
from importlib.resources import files

import msgspec

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.checkdigits import NUMBERS
from clearance.detect.secrets.reader import Reader, Reading
from clearance.detect.secrets.seen import SeenSecret
from clearance.model.finding import Confidence, Severity


class PersonNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of number."""

    id: str
    what: str
    words: tuple[str, ...]
    find: str


class _Numbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    number: tuple[PersonNumber, ...]


@functools.cache
def person_numbers() -> tuple[PersonNumber, ...]:
    """Every kind, in file order."""
    text = files("clearance.detect.secrets").joinpath("numbers.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Numbers).number


def person_readers() -> Iterator[Reader]:
    """A reader for each kind."""
    for kind in person_numbers():
        between = r"""(?:[^\n0-9A-Za-z]|[A-Za-z]{1,6}[ :.#]){1,8}"""
        expression = f"(?:{'|'.join(_any_case(word) for word in kind.words)}){between}(?:{kind.find})"
        row = PatternRow(id=kind.id, expression=expression, keywords=kind.words, any_case=True)
        yield Reader(row=row, read=_reading(kind))


def _any_case(word: str) -> str:
    """Letters of ASCII in either case; others as they are, in bytes they have none."""
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isascii() and c.isalpha() else re.escape(c) for c in word)


def _reading(kind: PersonNumber) -> Reading:
    shape, holds = re.compile(kind.find.encode()), NUMBERS[kind.id]

    def read(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
        if text[start - 1 : start].isalpha() or text[end : end + 1].isalnum():
            return
        begins = (m.start() for m in re.finditer(rb"(?<![0-9A-Za-z])[0-9A-Za-z]", text[start:end]))
        at = next((start + b for b in begins if shape.fullmatch(text, start + b, end)), None)
        if at is None:
            return
        number = "".join(c for c in text[at:end].decode("ascii", "replace") if c.isalnum()).upper()
        if len(set(number)) > 3 and holds(number):
            yield SeenSecret(
                id=kind.id, provider="", what=kind.what, start=at, end=end,
                severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, rank=6,
            )  # fmt: skip

    return read
