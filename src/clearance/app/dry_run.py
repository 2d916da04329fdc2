"""Past uses decided by the records of today, by several processes: a million in well under a minute on two cores."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from clearance.lab.examiner import worker_count
from clearance.model.use import Use
from clearance.policy.book import Book
from clearance.policy.cases import UseSaid
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.errors import PolicyError

_CHUNK = 20_000


class PastUse(UseSaid, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a file of past uses."""

    at: datetime


@dataclass(slots=True)
class Counts:
    """How often each answer was given, and for what an answer was no permit."""

    answers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


_DECODER = msgspec.json.Decoder(PastUse)
_ASKED: list[tuple[Book, Circumstances]] = []
"""What the processes ask: they are forked when it is filled."""


def decide_again(source: Path, book: Book, facts: Circumstances) -> Counts:
    """The answers to every use in a file of JSON lines. Raises PolicyError that names the line."""
    total = Counts()
    _ASKED[:] = [(book, facts)]
    chunks = ((str(source), first, lines) for first, lines in _chunks(source))
    with multiprocessing.get_context("fork").Pool(worker_count()) as pool:
        for counts in pool.imap_unordered(_count, chunks):
            if isinstance(counts, str):
                raise PolicyError(counts, advice="Each line is a use, as for `check`, with `at`.")
            total.answers += counts.answers
            total.reasons += counts.reasons
    return total


def uses_of(source: Path) -> Iterator[Use]:
    """The different uses in a file of JSON lines, whatever their times. Raises PolicyError that names the line."""
    seen: set[bytes] = set()
    for first, lines in _chunks(source):
        for number, line in enumerate(lines, first):
            try:
                use = _DECODER.decode(line).use()
            except (msgspec.DecodeError, PolicyError) as error:
                raise PolicyError(
                    f"{source}, line {number}: {error}", advice="Each line is a use, as for `check`, with `at`."
                ) from error
            key = msgspec.json.encode(use)
            if key not in seen:
                seen.add(key)
                yield use


def _chunks(source: Path) -> Iterator[tuple[int, list[bytes]]]:
    with source.open("rb") as lines:
        first = 1
        while chunk := list(islice(lines, _CHUNK)):
            yield first, chunk
            first += len(chunk)


def _count(chunk: tuple[str, int, list[bytes]]) -> Counts | str:
    name, first, lines = chunk
    book, facts = _ASKED[0]
    counts = Counts()
    for number, line in enumerate(lines, first):
        try:
            past = _DECODER.decode(line)
            if past.at.tzinfo is None:
                return f"{name}, line {number}: {past.at} has no time zone."
            decision = decide(past.use(), book, facts, past.at, ahead=False)
        except (msgspec.DecodeError, PolicyError) as error:
            return f"{name}, line {number}: {error}"
        counts.answers[decision.answer.value] += 1
        if not decision.answer.permits:
            counts.reasons[decision.chain[0].what] += 1
    return counts
