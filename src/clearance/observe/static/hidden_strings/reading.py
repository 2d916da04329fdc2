"""What a decoded value is: a list of hosts, zones, paths or words, code, or text; or nothing that anybody wrote.

1. A value with control characters that no text has is nothing.
2. A list is told by its items: each must have the form, and there must be enough of them.
3. What is only text or words must also be likely letter by letter; a host or a zone proves itself by its form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.code_shape import code_score, is_markup_or_data
from clearance.observe.static.hidden_strings.hosts import is_certain_host, is_host
from clearance.observe.static.hidden_strings.prose import is_prose, script_of
from clearance.observe.static.hidden_strings.zones import is_old_zone, is_zone

_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1d\x7f]")
_FOLLOWING: Final = bytes(range(0x80, 0xC0))
_SPLIT: Final = re.compile(r"[\s,;|\x00\x1e\x1f\"'`\[\]{}()<>]+")
_FIELDS: Final = re.compile(r"[,;|\n\x00\x1e\x1f]|\t")
_PATH: Final = re.compile(
    r"(?:~|\.{1,2}|\$\{?[A-Z_]+\}?|%[A-Za-z_]+%|[A-Za-z]:)?(?:/{1,2}[\w.@+*() -]{1,60})+/?"
    r"|(?:%[A-Za-z_]+%|[A-Za-z]:|\$env:\w+|~)(?:\\{1,2}[\w.@+*() -]{1,60})+\\{0,2}"
)
_WORD: Final = re.compile(r"[^\W_][\w .&+'’:/@-]{0,40}")
_READ: Final = 64 << 10
_LONGEST_ITEM: Final = 400
_GLANCE: Final = 4096
_MOST_ITEMS: Final = 2000
_MOST_TRIED: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value as somebody would read it."""

    kind: Hiding
    items: tuple[str, ...] = ()
    text: str
    score: float
    """0 to 1."""
    bits: float
    """Bits of surprise a byte; see ``likelihood``."""


def as_text(data: bytes) -> str | None:
    """The text that the bytes are in UTF-8 (a character that was cut off at either end is left out), or None."""
    if _CONTROL.search(data):
        return None
    data = data[min(3, len(data) - len(data.lstrip(_FOLLOWING))) :]
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode()
        except UnicodeDecodeError as error:
            if error.start < len(data) - 4:
                return None
    return None


def read(data: bytes) -> Reading | None:
    """What the value is, or None when it is nothing that one could read."""
    text = as_text(data[:_READ])
    if text is None or len(text) < 6:
        return None
    bits = bits_a_byte(data)
    items = _strings(text)
    return _listed(items, text, bits) or _code(text, bits) or _words(text, bits) or _prose(text, bits)


def _strings(text: str) -> Sequence[str]:
    """The strings of JSON, or what stands between separators."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return list(_leaves(msgspec.json.decode(text)))[:_MOST_TRIED]
        except (msgspec.DecodeError, RecursionError):
            pass
    return [item for item in _SPLIT.split(text, _MOST_TRIED)[:_MOST_TRIED] if item]


def _leaves(value: object) -> Iterator[str]:
    """Strings in decoded JSON, keys only of objects that hold none; nesting is the sender's choice."""
    stack = [value]
    while stack:
        match stack.pop():
            case str() as leaf:
                yield leaf
            case list() as many:
                stack.extend(reversed(many))
            case dict() as pairs:
                inner = [each for each in pairs.values() if isinstance(each, str | list | dict)]
                stack.extend(reversed(inner or list(pairs)))
            case _:
                pass


def _listed(items: Sequence[str], text: str, bits: float) -> Reading | None:
    """A list whose items prove themselves by their form."""
    total = len(items)
    items = [item for item in items if len(item) <= _LONGEST_ITEM]
    if not items:
        return None
    zones = [item for item in items if is_zone(item)]
    if zones:
        zones = [item for item in items if is_zone(item) or is_old_zone(item)]
        if 2 * len(zones) >= total or (len(set(zones)) >= 5 and 5 * len(zones) >= total):
            return _list(Hiding.TIME_ZONES, zones, total, text, bits)
    hosts = [item for item in items if is_host(item)]
    certain = sum(map(is_certain_host, hosts))
    if hosts and 4 * certain >= len(hosts) and _enough_hosts(hosts, certain, total, text):
        return _list(Hiding.HOSTS, hosts, total, text, bits)
    paths = [item for item in items if _PATH.fullmatch(item) and re.search(r"[A-Za-z]{2}", item)]
    if paths and 5 * len(paths) >= 4 * total and bits < 6.5:
        return _list(Hiding.PATHS, paths, total, text, bits)
    return None


def _enough_hosts(hosts: Sequence[str], certain: int, total: int, text: str) -> bool:
    share = len(hosts) / total
    if sum(map(len, hosts)) < 7 * len(hosts) or len(set("".join(hosts[:200]))) < 8:
        return False
    if share >= 0.75:
        return certain >= 2 or len(text) >= 12
    return share >= 0.4 and certain >= 3 and not re.search(r"[a-z]{2} [a-z]{2,}[ ,.]", text)


def _list(kind: Hiding, items: Sequence[str], total: int, text: str, bits: float) -> Reading:
    share = len(items) / total
    many = 1 - 0.5 ** (1 + len(set(items)))
    natural = min(1.0, max(0.3, (8.0 - bits) / 2.5))
    return Reading(
        kind=kind, items=tuple(items[:_MOST_ITEMS]), text=text, score=_round(share * many * natural), bits=bits
    )


def _round(score: float) -> float:
    return round(min(1.0, max(0.0, score)), 2)


def _code(text: str, bits: float) -> Reading | None:
    if bits > 7.0 or len(text) < 12:
        return None
    score = code_score(text)
    if is_markup_or_data(text):
        score = max(score, 0.9 if len(text) >= 40 else 0.7)
    return Reading(kind=Hiding.CODE, text=text, score=_round(score), bits=bits) if score >= 0.4 else None


def _words(text: str, bits: float) -> Reading | None:
    """A list of words with a separator between them that is no space."""
    fields = [field.strip() for field in _FIELDS.split(text, _MOST_TRIED) if field.strip()]
    different = set(fields)
    if len(different) < 3 or len(fields) > 2 * len(different) + 2:
        return None
    lengths = sum(map(len, fields)) / len(fields)
    formed = sum(1 for field in fields if _WORD.fullmatch(field) and field.count(" ") <= 3)
    if not 2 <= lengths <= 24 or formed < 0.9 * len(fields):
        return None
    likely = _likely(text, bits)
    if likely is None:
        return None
    many = 1 - 0.5 ** (len(different) / 2)
    return Reading(
        kind=Hiding.WORDS, items=tuple(fields[:_MOST_ITEMS]), text=text, score=_round(likely * many), bits=bits
    )


def _prose(text: str, bits: float) -> Reading | None:
    if len(text) < 8 or "\0" in text:
        return None
    likely = _likely(text, bits)
    if likely is None:
        return None
    words = text.split()
    usual = 2 <= len(text) / max(len(words), 1) <= 14 or not text.isascii()
    long = min(1.0, len(text) / 40)
    return Reading(
        kind=Hiding.TEXT, text=text, score=_round(likely * (0.5 + 0.5 * long) * (1.0 if usual else 0.5)), bits=bits
    )


def _likely(text: str, bits: float) -> float | None:
    """How sure one can be, by its letters, that somebody wrote this; None when nobody did."""
    part = text[:_GLANCE]
    letters = sum(map(str.isalpha, part))
    if letters < 0.55 * (len(part) - sum(map(str.isspace, part))):
        return None
    beyond = 0 if part.isascii() else sum(char > "\x7f" and bool(script_of(char)) for char in part)
    if beyond * 4 > letters:
        return 0.9 if is_prose(text) else None
    if bits > 6.0:
        return None
    return min(1.0, (6.5 - bits) / 1.5)
