"""What a reader of a text does not see, told apart from the honest uses of the same code points.

Honest are: joiners between emoji and in scripts that need them, a selector behind a symbol or an ideograph, direction
marks in text that holds right-to-left letters, a byte order mark at the start, single breaks and soft hyphens.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from clearance.detect.canonical.code_points import IGNORABLE, MARKS, character_class
from clearance.detect.canonical.nouns import HiddenSpan, View
from clearance.detect.canonical.plain import erased
from clearance.model import carried

MOST_SPANS: Final = 64
"""Hidden things of one kind that are told one by one."""
_IGNORED: Final = f"[{character_class(IGNORABLE)}]"
_UNSEEN: Final = re.compile(f"{_IGNORED}{_IGNORED}*")
"""One class first, so that the engine skips to it; so in the other patterns."""
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_TAGS: Final = re.compile("[\U000e0000-\U000e007f]+")
_FLAG: Final = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_LEFTWARDS: Final = re.compile("[\u202b\u202d\u202e\u2067]")
_ANNOTATION: Final = re.compile("\ufffa([^\ufff9-\ufffb\n]{1,4000})\ufffb")
_CONCEALED: Final = re.compile(r"\x1b\[(?:[0-9]{1,3};){0,8}8(?:;[0-9]{1,3}){0,8}m([^\x1b]{1,4000})")
_MARK: Final = f"[{character_class(MARKS)}]"
_PILE: Final = re.compile(f"{_MARK}{_MARK}{{7,}}")
_RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_COMMON: Final = frozenset({"\u200d", "\ufe0f", "\ufe0f\u200d"})
_LEAST_RUN: Final = 4
"""Invisible code points in a row, of more than one kind, that may be digits."""
_LEAST_ALIKE: Final = 12
"""Of one kind in a row."""
_LEAST_SPREAD: Final = 14
"""Single ones over a text that may be digits: two letters of seven bits."""
_LEAST_CHOSEN: Final = 8
"""Single selectors behind letters that have no variants."""
_LEAST_PILES: Final = 8
_LEAST_ERASED: Final = 4


class _Found(NamedTuple):
    kind: str
    start: int
    end: int
    number: int
    message: str = ""


def hidden(raw: View) -> tuple[HiddenSpan, ...]:
    """What is hidden in a text, in order of kind and place."""
    text = raw.text
    found = [*_escapes(text)]
    if not text.isascii():
        found += _unseen(text)
    return tuple(_span(each, raw) for each in found)


def _span(found: _Found, raw: View) -> HiddenSpan:
    start, end = raw.bytes_at(found.start, found.end)
    seen = dict.fromkeys(c for c in raw.text[found.start : found.end] if not c.isascii() or c < " ")
    names = tuple(f"U+{ord(c):04X}" for c in list(seen)[:8])
    return HiddenSpan(
        kind=found.kind, count=found.number, message=found.message, code_points=names, start=start, end=end
    )


def _escapes(text: str) -> Iterator[_Found]:
    if "\x1b[" in text:
        for match in _CONCEALED.finditer(text):
            yield _Found("conceal", *match.span(), len(match[1]), match[1])
    if "\b" in text:
        for edit in erased(text):
            gone = text[edit.start : edit.end].rstrip("\b")
            if len(gone) >= _LEAST_ERASED and gone.strip(" -\\|/.%0123456789"):
                yield _Found("backspaces", edit.start, edit.end, len(gone), gone)


def _unseen(text: str) -> Iterator[_Found]:
    first = _UNSEEN.search(text)
    if first:
        yield from _runs(text, first.start())
        if "\ufffa" in text:
            for match in _ANNOTATION.finditer(text):
                yield _Found("annotation", *match.span(), len(match[1]), match[1])
        yield from _directions(text)
    yield from _piles(text)


def _runs(text: str, at: int) -> Iterator[_Found]:
    """Runs that may say something, and single code points that do so together."""
    digits: list[str] = []
    selectors: list[str] = []
    places: list[int] = []
    chosen: list[int] = []
    for match in _UNSEEN.finditer(text, at):
        start, end = match.span()
        run = match[0]
        if run in _COMMON and start and _above(text[start - 1]):
            continue
        tagged = _tagged(text, start, run)
        if tagged:
            yield tagged
            continue
        picked = _SELECTORS.search(run)
        if picked:
            if len(picked[0]) > 1:
                yield from _selected(start + picked.start(), picked[0])
            elif not _may_be_selected(text[start - 1 : start], picked[0]):
                selectors.append(picked[0])
                chosen.append(start)
            run = _SELECTORS.sub("", run)
        if len(run) > 1 and not _honest(text, start, end):
            yield from _row(start, end, run)
        elif run and not _honest(text, start, end):
            digits.append(run)
            places.append(start)
    yield from _spread("zero-width", "".join(digits), places, carried.digits("".join(digits)))
    yield from _spread("variation-selectors", "".join(selectors), chosen, carried.selectors("".join(selectors)))


def _above(char: str) -> bool:
    """Symbols and emoji, behind which a joiner or a selector is ordinary: a quick look at what is most common."""
    return "\u2190" <= char < "\u2800" or char >= "\U0001f000"


def _tagged(text: str, start: int, run: str) -> _Found | None:
    match = _TAGS.search(run)
    if match is None or len(match[0]) < 2:
        return None
    if text[start - 1 : start] == "\U0001f3f4" and _FLAG.fullmatch(match[0]):
        return None
    begin = start + match.start()
    return _Found("tags", begin, begin + len(match[0]), len(match[0]), carried.tags(match[0]))


def _selected(start: int, run: str) -> Iterator[_Found]:
    message = carried.selectors(run) or carried.selectors(run[1:]) or carried.digits(run)
    if message or len(run) >= _LEAST_RUN:
        yield _Found("variation-selectors", start, start + len(run), len(run), message)


def _row(start: int, end: int, run: str) -> Iterator[_Found]:
    message = carried.digits(run)
    kinds = len(set(run))
    if message or len(run) >= _LEAST_ALIKE or (kinds > 1 and len(run) >= 2 * _LEAST_RUN):
        yield _Found("zero-width", start, end, len(run), message)


def _spread(kind: str, symbols: str, places: list[int], message: str) -> Iterator[_Found]:
    least = _LEAST_SPREAD if kind == "zero-width" else _LEAST_CHOSEN
    if len(symbols) >= least and message:
        yield _Found(kind, places[0], places[-1] + 1, len(symbols), message)


def _may_be_selected(before: str, selector: str) -> bool:
    """Whether a selector behind this is ordinary: symbols, digits, ideographs, scripts that have variants."""
    if not before:
        return True
    code = ord(before)
    if ord(selector) >= 0xE0100:
        return code >= 0x2E80
    return not before.isascii() or before in "0123456789#*" if code < 0x370 else True


def _honest(text: str, start: int, end: int) -> bool:
    """Whether what stands around a run needs it."""
    if start == 0 and text[0] == "\ufeff" and end == 1:
        return True
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(_shapes(char) for char in around) and end - start <= 3


def _shapes(char: str) -> bool:
    """Characters beside which something invisible is ordinary: emoji, letters of scripts that shape or go leftwards."""
    code = ord(char)
    if code < 0x590:
        return False
    return (
        code < 0x1100 or 0x1780 <= code < 0x1900 or 0x1A00 <= code < 0x1C80 or 0xA800 <= code < 0xAC00
        or 0x1100 <= code < 0x1200 or 0xAC00 <= code < 0xD800 or 0x2E80 <= code < 0xA000 or code >= 0xFB1D
        or unicodedata.category(char) == "So"
    )  # fmt: skip


def _directions(text: str) -> Iterator[_Found]:
    """Overrides and embeddings towards the left in a text that holds nothing written from the right."""
    turns = list(_few(_LEFTWARDS.finditer(text)))
    if turns and not _RTL.search(text):
        yield _Found("bidi", turns[0].start(), turns[-1].end(), len(turns))


def _piles(text: str) -> Iterator[_Found]:
    piles = list(_few(_PILE.finditer(text)))
    if len(piles) >= _LEAST_PILES or any(m.end() - m.start() > 64 for m in piles):
        yield _Found("marks", piles[0].start(), piles[-1].end(), sum(len(m[0]) for m in piles))


def _few(matches: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for number, match in enumerate(matches):
        if number >= MOST_SPANS:
            return
        yield match
