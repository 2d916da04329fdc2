"""Each spot at which two token sequences differ, and what kind of difference it is there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearance.observe.difference import numbers
from clearance.observe.difference.align import Block, align
from clearance.observe.difference.base64_form import same_octets
from clearance.observe.difference.codepoints import is_quote, is_space
from clearance.observe.difference.dates import compare_written
from clearance.observe.difference.disguise import disguise
from clearance.observe.difference.nature import Nature, nature
from clearance.observe.difference.nouns import Shown
from clearance.observe.difference.reading import DATED, Reading, Token

_NEUTRAL = "\ue000"
_SENTENCE = frozenset(".,;:!?…")
_JOINTS = frozenset("-_ ")
_OPENING, _CLOSING = "([{", ")]}"
_LIST_ITEM = re.compile(r"[A-Za-z][A-Za-z*-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place of difference."""

    shown: Shown
    at: int
    """Index into the baseline."""
    staged_at: int
    before: str
    after: str
    mechanisms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Set where code points would not tell (a date's form)."""
    opaque: bool = False
    """An ``ENCODED`` that is not just a short code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two texts as tokens, with what the judges need to know of them."""

    before: Reading
    after: Reading
    dates_are_stated: bool


def spots(sides: Sides) -> Iterator[Spot]:
    """Every spot at which the two sides differ, in order."""
    for block in _aligned(sides.before.keys, sides.after.keys):
        if not block.equal:
            yield _replaced(sides, block)
        elif sides.before.run(block.before).text != sides.after.run(block.after).text:
            yield from _changed_run(sides, block)


def _aligned(before: tuple[str, ...], after: tuple[str, ...]) -> Iterable[Block]:
    """The same blocks whichever side is called the baseline: of several shortest scripts one has to be taken."""
    if before <= after:
        return align(before, after)
    return (Block(equal=b.equal, before=b.after, after=b.before) for b in align(after, before))


def _changed_run(sides: Sides, block: Block) -> Iterator[Spot]:
    """Tokens that line up by key, some of which are not the same."""
    for i, j in zip(block.before, block.after, strict=True):
        if sides.before.piece(i) == sides.after.piece(j):
            continue
        one, other = sides.before.token(i), sides.after.token(j)
        if one.own and other.own:
            yield _spot(one, other, Shown.STATED)
        elif mechanisms := disguise(one.text, other.text):
            yield _spot(one, other, Shown.FORM, mechanisms=mechanisms)
        elif one.key in DATED:
            yield from _dated(sides, one, other)
        else:
            yield _replaced(sides, Block(equal=False, before=range(i, i + 1), after=range(j, j + 1)))


def _dated(sides: Sides, one: Token, other: Token) -> Iterator[Spot]:
    """A date against a date: its form and its value are two differences."""
    value = Shown.STATED if sides.dates_are_stated else Shown.ENCODED if one.key == "\0epoch" else Shown.READABLE
    compared = compare_written(one.text, other.text)
    if compared and compared.form:
        yield _spot(one, other, Shown.FORM, mechanisms=("date-format",), names=compared.form)
    if compared is None or not compared.same_moment or not compared.form:
        yield _spot(one, other, value, opaque=value is Shown.ENCODED)


def _spot(
    one: Token,
    other: Token,
    shown: Shown,
    *,
    mechanisms: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    opaque: bool = False,
) -> Spot:
    return Spot(
        shown=shown,
        at=one.at,
        staged_at=other.at,
        before=one.text,
        after=other.text,
        mechanisms=mechanisms,
        names=names,
        opaque=opaque,
    )


def _replaced(sides: Sides, block: Block) -> Spot:
    """One run of tokens put for another; either may be empty."""
    one, other = sides.before.run(block.before), sides.after.run(block.after)
    context = _context(sides.before, block.before), _context(sides.after, block.after)
    if mechanisms := _form(one.text, other.text, context):
        return _spot(one, other, Shown.FORM, mechanisms=mechanisms)
    compared = compare_written(one.text.strip(), other.text.strip())
    if compared and compared.form and compared.same_moment:
        return _spot(one, other, Shown.FORM, mechanisms=("date-format",), names=compared.form)
    if coded := same_octets(sides.before.text, sides.after.text, one.at, other.at):
        names = (f"{coded[0][-40:]} → {coded[1][-40:]}, which stand for the same octets",)
        return _spot(one, other, Shown.FORM, mechanisms=("base64-form",), names=names)
    if _same_list(sides.before.text, sides.after.text):
        return _spot(one, other, Shown.READABLE)
    return _beyond_form(one, other, _neutral(sides.before, block.before), _neutral(sides.after, block.after))


def _same_list(before: str, after: str) -> bool:
    """A whole value that is a list of words and only gained or lost some."""
    lists = [text.split(", ") for text in (before, after)]
    if not all(_LIST_ITEM.fullmatch(item) for items in lists for item in items):
        return False
    some, more = sorted(lists, key=len)
    return len(some) < len(more) and [item for item in more if item in some] == some


def _beyond_form(one: Token, other: Token, before: str, after: str) -> Spot:
    """What is left once the statements of each side are taken for the same."""
    stated = _NEUTRAL in before or _NEUTRAL in after
    if before == after:
        return _spot(one, other, Shown.STATED)
    if stated and (mechanisms := disguise(before, after)):
        return _spot(one, other, Shown.FORM, mechanisms=mechanisms)
    natures = {text: nature(text.replace(_NEUTRAL, " ")) for text in (before, after)}
    beside = {kind for text, kind in natures.items() if _NEUTRAL in text}
    if Nature.OPAQUE in natures.values():
        return _spot(one, other, Shown.ENCODED, opaque=True)
    if stated and Nature.CODE not in beside:
        return _spot(one, other, Shown.STATED)
    if Nature.READABLE in natures.values():
        return _spot(one, other, Shown.READABLE)
    return _spot(one, other, Shown.ENCODED, mechanisms=("code",))


def _neutral(side: Reading, place: range) -> str:
    tokens = (side.token(index) for index in place)
    return "".join(_NEUTRAL if token.own else token.text for token in tokens)


def _context(side: Reading, place: range) -> tuple[str, str]:
    """The code points just before and just after, empty at the ends."""
    start, end = side.starts[place.start], side.starts[place.stop]
    return side.text[start - 1 : start] if start else "", side.text[end : end + 1]


def _form(before: str, after: str, context: tuple[tuple[str, str], tuple[str, str]]) -> tuple[str, ...] | None:
    """Mechanisms when only form differs here, in view of the code points around on both sides."""
    if found := disguise(before, after):
        return None if _joins_words(before, after, context) else found
    alone = context == (("", ""), ("", ""))
    if number := numbers.in_form(before.strip(), after.strip(), alone=alone):
        return (number,)
    return _punctuation(before, after, context)


def _joins_words(before: str, after: str, context: tuple[tuple[str, str], tuple[str, str]]) -> bool:
    """True when white space came or went between two words or two digits: that makes other words."""
    left, right = context[0]
    only_space = all(is_space(char) for char in before + after)
    return only_space and not (before and after) and left.isalnum() and right.isalnum()


def _punctuation(before: str, after: str, context: tuple[tuple[str, str], tuple[str, str]]) -> tuple[str, ...] | None:
    """``punctuation`` or ``quotes`` when no letter, digit or sign with a meaning is touched."""
    chars = [char for char in before + after if not is_space(char)]
    if not chars or any(char.isalnum() for char in chars):
        return None
    if all(is_quote(char) for char in chars):
        return ("quotes",)
    left, right = context[0]
    tests = (_sentence_marks, _joints, _brackets, _bullets)
    return ("punctuation",) if any(test(before, after, left, right) for test in tests) else None


def _sentence_marks(before: str, after: str, left: str, right: str) -> bool:
    """Marks after a word and not inside one: ``..`` as a path is none."""
    marks = all(char in _SENTENCE or char in "—–" or is_space(char) for char in before + after)
    return marks and _ends_word(left) and not right.isalnum() and right not in set("/\\@")


def _joints(before: str, after: str, left: str, right: str) -> bool:
    """``time-zone`` and ``time_zone``."""
    joints = bool(before and after) and all(char in _JOINTS for char in before + after)
    return joints and left.isalpha() and right.isalpha()


def _brackets(before: str, after: str, _left: str, _right: str) -> bool:
    """One kind of bracket for another, on the same side."""
    single = len(before) == len(after) == 1
    return single and any(before in kind and after in kind for kind in (_OPENING, _CLOSING))


def _bullets(before: str, after: str, left: str, right: str) -> bool:
    """The mark before a list item."""
    signs = all(sign.strip() in {"-", "*", "•", "+"} for sign in (before, after))
    return signs and left in {"", "\n"} and right in {" ", ""}


def _ends_word(char: str) -> bool:
    return char.isalnum() or is_quote(char) if char else False
