"""The shipped phrases: rules as they stand in ``phrases.toml``, and the table of patterns for the engine.

1. ``<name>`` in an expression is any of the words of that name; ``<12>`` up to twelve bytes that end no sentence; a
   space is what may stand between two words, a line end with marks of a comment included.
2. Words of a list that some pattern names as its key are plain text; those of other lists are expressions.
3. Words are brought into the form of the views that are judged: NFKC, lower case.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from clearance.detect.patterns import PatternRow
from clearance.model.finding import Severity
from clearance.model.ids import Digest, RuleId
from clearance.model.threat import SpanChannel, ThreatKind

_BETWEEN: Final = r"""(?:[ \t\n>#*/_"'`|-]{1,6})"""
"""Between two words of a phrase: spaces, a line end, marks that comments and quotations begin their lines with."""
_INSIDE: Final = r"[^.!?;(){}=\x3c>\[\]]"
"""A byte inside a sentence, and hardly one of code."""
_SLOT: Final = re.compile(r"<([a-z][a-z-]*|[0-9]+)>")
_PLACES: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|( )|(<(?:[a-z][a-z-]*|[0-9]+)>)")


class _Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    language: str
    key: str
    expression: str


class PhraseRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an order wants of its reader, in several languages."""

    id: RuleId
    kind: ThreatKind
    channels: str
    severity: Severity
    why: str
    """One sentence: what is wrong with it."""
    pattern: tuple[_Pattern, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that it knows, in order; ``any`` for marks that belong to none."""
        return tuple(dict.fromkeys(pattern.language for pattern in self.pattern))


class _About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    words: tuple[str, ...]
    negated_by: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    channels: dict[str, tuple[SpanChannel, ...]]
    words: dict[str, tuple[str, ...]]
    about: _About
    rule: tuple[PhraseRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The shipped rules, ready for an engine."""

    version: Digest
    """SHA-256 of the data file."""
    rules: tuple[PhraseRule, ...]
    rows: tuple[PatternRow, ...]
    owners: tuple[tuple[PhraseRule, str], ...]
    """Of each row: its rule and language."""
    channels: Mapping[RuleId, frozenset[SpanChannel]]
    about: tuple[str, ...]
    """Words of who speaks of such orders and gives none."""
    negated_by: tuple[str, ...]
    """What turns an order into its contrary, right before it."""


@cache
def phrases() -> Phrases:
    """The rules that ship. Raises msgspec.ValidationError or KeyError where the file is of another shape."""
    data = resources.files(__package__).joinpath("phrases.toml").read_bytes()
    return read_phrases(data)


def read_phrases(data: bytes) -> Phrases:
    """Rules of a file in the form of ``phrases.toml``. Raises msgspec.ValidationError or KeyError for another form."""
    file = msgspec.convert(tomllib.loads(data.decode()), _File)
    keys = {pattern.key for rule in file.rule for pattern in rule.pattern}
    words = {name: _words(listed, plain=name in keys) for name, listed in file.words.items()}
    owners = tuple((rule, pattern) for rule in file.rule for pattern in rule.pattern)
    return Phrases(
        version=Digest(hashlib.sha256(data).hexdigest()),
        rules=file.rule,
        rows=tuple(_row(number, *owner, words, file.words) for number, owner in enumerate(owners)),
        owners=tuple((rule, pattern.language) for rule, pattern in owners),
        channels={rule.id: frozenset(file.channels[rule.channels]) for rule in file.rule},
        about=tuple(map(folded, file.about.words)),
        negated_by=tuple(map(folded, file.about.negated_by)),
    )


def folded(text: str) -> str:
    """Lower case and NFKC, as words of the table and texts are compared."""
    return unicodedata.normalize("NFKC", text).lower()


def _row(
    number: int, rule: PhraseRule, pattern: _Pattern, words: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]
) -> PatternRow:
    if f"<{pattern.key}>" not in pattern.expression:
        raise KeyError(f"{rule.id}: <{pattern.key}> does not stand in the expression of {pattern.language}")
    return PatternRow(
        id=f"{rule.id}-{pattern.language}-{number}",
        expression=_expanded(folded(pattern.expression), words),
        keywords=_keywords(lists[pattern.key]),
    )


def _words(listed: Iterable[str], *, plain: bool) -> str:
    """One group of all words, the longest first."""
    kept = sorted({folded(word) for word in listed}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_spaced(_plain(word) if plain else word) for word in kept) + ")"


def _plain(word: str) -> str:
    return " ".join(map(re.escape, word.split(" ")))


def _keywords(listed: Iterable[str]) -> tuple[str, ...]:
    """What every match holds one of: of each word the longest part that no space parts; none that holds another."""
    parts = sorted({max(folded(word).split(" "), key=len) for word in listed}, key=len)
    return tuple(part for number, part in enumerate(parts) if not any(other in part for other in parts[:number]))


def _spaced(expression: str) -> str:
    return _PLACES.sub(lambda found: _BETWEEN if found[1] else found[0], expression)


def _expanded(expression: str, words: Mapping[str, str]) -> str:
    def filled(found: re.Match[str]) -> str:
        if found[1]:
            return _BETWEEN
        if not found[2]:
            return found[0]
        name = found[2][1:-1]
        return f"{_INSIDE}{{0,{name}}}" if name.isdigit() else words[name]

    return _PLACES.sub(filled, expression)
