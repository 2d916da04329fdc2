r"""Code points that a reader does not see, or takes for others, where they stand in the bytes as they are.

1. The bytes are searched once, for the few lead sequences of UTF-8 under which such code points lie.
2. Honest uses are no facts: joiners between emoji and within scripts that need them, variation selectors behind a
   symbol, direction marks beside right-to-left text, a byte order mark at a begin, whole words of another script. None
   of them stands in a row of more than a few.
3. Escapes (``\u200b``) are visible to a reader of the source and count nowhere.
4. What the code points say is read run by run, and then all of one kind and place together: a message may be spread
   over a text, a digit or a letter behind each word.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.model import carried
from clearance.model.contents import MOST_PLACES, HiddenText, Language, Where
from clearance.observe.difference.codepoints import name_of
from clearance.observe.difference.confusables import prototype
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.prompts import is_prompt
from clearance.observe.static.script import LiteralKind, Script

_UNSEEN: Final = re.compile(
    rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xe1\xa0[\x8b-\x8f]|\xf3\xa0[\x80-\x87][\x80-\xbf]"
    rb"|\xc2\xad|\xcd\x8f|\xef\xbf[\xb9-\xbb]|\xf0\x9d\x85[\xb3-\xba]"
    rb"|\xef\xb8[\x80-\x8f]|\xe3\x85\xa4|\xef\xbe\xa0|\xe1\x85[\x9f\xa0]|\xe2\xa0\x80|\xee[\x80-\xbf][\x80-\xbf]"
    rb"|\xef[\x80-\xa3][\x80-\xbf]|\xf3[\xb0-\xbf][\x80-\xbf][\x80-\xbf]"
)
"""Each alternative begins with one plain byte: the engine then skips what is between at once."""
_GREEK_OR_CYRILLIC: Final = re.compile(rb"\xd0[\x80-\xbf]|\xd1[\x80-\x9f]|\xce[\x91-\xbf]|\xcf[\x80-\x8f]")
_WORD: Final = re.compile(r"\w+")
_LONGEST_WORD: Final = 40
_MOST_RUNS: Final = 50_000
_AROUND: Final = 60
_KEPT_CODE_POINTS: Final = 10
_MOST_DECODED: Final = 4000
_MOST_READ: Final = 400
"""Runs that are read one by one."""
_FEW: Final = 3
"""Code points in a row up to which they may have an honest use."""
_LONG: Final = 12
_TOLD: Final = 8
_ONE_LETTER: Final = 0.4
"""Share of one letter above which a long text is none."""
_CERTAIN: Final = 24
_LIKELY: Final = 6.0
"""Bits a byte; what comes out by chance has more, words have 3 to 5."""
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS: Final = frozenset("\u200e\u200f\u061c")
_BLANKS: Final = frozenset("\u3164\uffa0\u115f\u1160\u2800")
_JOINERS: Final = frozenset("\u200c\u200d")
_SOFT: Final = frozenset("\u00ad\u034f")
_BREAKS: Final = frozenset("\u200b\u200c\u200d\u2060")


def hidden_texts(
    data: bytes | memoryview, member: int, *, language: Language, script: Script | None
) -> tuple[HiddenText, ...]:
    """One for each kind of code point and kind of place."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for offset, run in _runs(data):
        kind = _kind(run, _before(data, offset), _after(data, offset + len(run.encode())))
        if kind:
            where = _where(offset, language, script)
            if where != "comment" or kind in ("bidi", "tag") or _repeated(run) >= _LONG:
                found.setdefault((kind, where), []).append((offset, run))
    for offset, word in _look_alikes(data):
        where = _where(offset, language, script)
        if where != "comment":
            found.setdefault(("look-alike", where), []).append((offset, word))
    return tuple(_fact(kind, where, spots, data, member) for (kind, where), spots in sorted(found.items()))


def _runs(data: bytes | memoryview) -> Iterator[tuple[int, str]]:
    """Where each run of such code points begins, and the run."""
    begin = end = -1
    for number, match in enumerate(_UNSEEN.finditer(data)):
        if number >= _MOST_RUNS:
            break
        if match.start() != end:
            if begin >= 0:
                yield from _run(data, begin, end)
            begin = match.start()
        end = match.end()
    if begin >= 0:
        yield from _run(data, begin, end)


def _run(data: bytes | memoryview, begin: int, end: int) -> Iterator[tuple[int, str]]:
    try:
        yield begin, bytes(data[begin : min(end, begin + 4 * _MOST_DECODED)]).decode("utf-8")
    except UnicodeDecodeError:
        return  # bytes of something else


def _before(data: bytes | memoryview, offset: int) -> str:
    return bytes(data[max(0, offset - 8) : offset]).decode("utf-8", "ignore")[-1:]


def _after(data: bytes | memoryview, offset: int) -> str:
    return bytes(data[offset : offset + 8]).decode("utf-8", "ignore")[:1]


def _kind(run: str, before: str, after: str) -> str:
    """What a run of such code points is; empty for honest uses."""
    chars = set(run)
    if any(0xE0001 <= ord(c) <= 0xE007F for c in chars):
        return "" if _flag(before, run) else "tag"
    selectors = [c for c in run if 0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF]
    if len(selectors) > 1 and not _emoji(run, before):
        return "variation-selector"
    if selectors == [*run]:
        return "variation-selector" if before.isascii() and before.isalpha() else ""
    if len(run) <= _FEW and _is_honest(chars - set(selectors), run, before, after):
        return ""
    if chars & _BIDI:
        return "bidi"
    if chars & _BLANKS:
        return "" if chars == {"\u2800"} else "blank"
    if any("\ue000" <= c <= "\uf8ff" or ord(c) >= 0xF0000 for c in chars):
        return "private-use"
    return "zero-width"


def _is_honest(chars: set[str], run: str, before: str, after: str) -> bool:
    """Whether a few code points stand where a text needs them."""
    if chars & _BIDI or chars <= _MARKS:
        return _is_rtl(before) or _is_rtl(after)
    if chars & _BLANKS:
        return _hangul(before) or _hangul(after)
    if chars <= _SOFT or (run == "\ufeff" and before in ("", "\n")):
        return True
    if chars <= _JOINERS:
        return _joins(before) or _joins(after)
    return chars <= _BREAKS and (_shapes(before) or _shapes(after))


def _emoji(run: str, before: str) -> bool:
    """Selectors and joiners in turn behind a symbol."""
    return _joins(before) and len(run) <= _FEW and set(run) <= {"\ufe0e", "\ufe0f", "\u200d"}


def _flag(before: str, run: str) -> bool:
    """The tags of a flag emoji are a region's letters and digits, and end with a cancel tag."""
    symbol = before == "\U0001f3f4" or (bool(before) and unicodedata.category(before) in ("So", "Sk"))
    letters = all("\U000e0030" <= c <= "\U000e007a" for c in run[:-1])
    return symbol and run.endswith("\U000e007f") and len(run) <= 8 and letters


def _is_rtl(char: str) -> bool:
    return bool(char) and unicodedata.bidirectional(char) in ("R", "AL", "AN")


def _joins(char: str) -> bool:
    """Characters beside which a joiner is ordinary: emoji, and letters of scripts that shape."""
    if not char:
        return False
    return unicodedata.category(char) in ("So", "Sk", "Mn", "Mc") or "\u0600" <= char <= "\u0dff" or ord(char) > 0x1F000


def _shapes(char: str) -> bool:
    """Letters of scripts that are written without blanks, or that shape: invisible breaks are ordinary there."""
    return "\u0590" <= char <= "\u1cff" or "\u2e80" <= char <= "\uabff" or "\uf900" <= char <= "\ufdff"


def _hangul(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f" or "\uac00" <= char <= "\ud7af"


def _look_alikes(data: bytes | memoryview) -> Iterator[tuple[int, str]]:
    """Words of two scripts whose other letters can all be taken for Latin ones: ``pаypal`` with a Cyrillic а."""
    passed = 0
    for number, match in enumerate(_GREEK_OR_CYRILLIC.finditer(data)):
        if number >= _MOST_RUNS:
            return
        offset = match.start()
        if offset < passed or not (_is_letter(data, offset - 1) or _is_letter(data, match.end())):
            continue
        begin = max(0, offset - _LONGEST_WORD)
        before = _WORD.findall(bytes(data[begin:offset]).decode("utf-8", "ignore") + "\0")
        left = before[-1] if before and _is_letter(data, offset - 1) else ""
        right = _WORD.match(bytes(data[offset : offset + 2 * _LONGEST_WORD]).decode("utf-8", "ignore"))
        word = left + (right.group() if right else "")
        passed = offset + len((right.group() if right else "").encode())
        others = [c for c in word if not c.isascii()]
        if len(word) >= 4 and len(others) <= len(word) // 2 and all(_latin(prototype(c)) for c in others):
            yield offset - len(left.encode()), word


def _is_letter(data: bytes | memoryview, at: int) -> bool:
    return 0 <= at < len(data) and (0x41 <= data[at] <= 0x5A or 0x61 <= data[at] <= 0x7A)


def _latin(text: str) -> bool:
    return bool(text) and all(c.isascii() and c.isalpha() for c in unicodedata.normalize("NFD", text)[:1])


def _where(offset: int, language: Language, script: Script | None) -> str:
    if script is None:
        return "document" if language in (Language.MARKDOWN, Language.TEXT) else "string"
    index = int(np.searchsorted(script.starts, offset, side="right")) - 1
    if index < 0 or offset >= script.ends[index]:
        return "identifier"
    kind = script.kinds[index]
    if kind == LiteralKind.COMMENT:
        return "comment"
    if kind == LiteralKind.PATTERN:
        return "string"
    long = script.ends[index] - script.starts[index] >= 120
    return "prompt" if long and is_prompt(script.text(index)) else "string"


def _fact(kind: str, where: str, spots: Sequence[tuple[int, str]], data: bytes | memoryview, member: int) -> HiddenText:
    chars = dict.fromkeys(c for _, run in spots for c in run if not c.isascii())
    offset, run = spots[0]
    begin, end = max(0, offset - _AROUND), offset + len(run.encode()) + _AROUND
    return HiddenText(
        kind=kind,
        where=where,
        code_points=tuple(name_of(c) for c in list(chars)[:_KEPT_CODE_POINTS]),
        decoded=_decoded(kind, [run for _, run in spots])[:_MOST_DECODED],
        excerpt=bytes(data[begin:end]).decode("utf-8", "ignore"),
        count=sum(not c.isascii() for _, run in spots for c in run),
        runs=len(spots),
        longest=max(_repeated(run) for _, run in spots) if kind != "look-alike" else 0,
        places=tuple(Where(member=member, offset=at) for at, _ in spots[:MOST_PLACES]),
    )


def _repeated(run: str) -> int:
    """How long a run is in which code points come again; 0 for a table of different ones."""
    return len(run) if 2 * len(set(run)) <= len(run) else 0


def _decoded(kind: str, runs: Sequence[str]) -> str:
    """What the code points say, where they are another way to write letters."""
    read = {"tag": carried.tags, "variation-selector": _selected, "zero-width": _digits, "blank": _digits}
    if kind not in read:
        return ""
    found = [*filter(None, map(read[kind], runs[:_MOST_READ]))]
    return "\n".join(found) or (read[kind]("".join(runs)) if len(runs) > 1 else "")


def _selected(run: str) -> str:
    return carried.selectors(run) or carried.selectors(run[1:]) or _digits(run)


def _digits(run: str) -> str:
    """What digits say, if it is likely letter by letter or long: one row of chance in four says a few characters."""
    said = carried.digits(run)
    if len(said) >= _TOLD and Counter(said).most_common(1)[0][1] > _ONE_LETTER * len(said):
        return ""  # a table of the code points, one after the other, says the same letter again and again
    return said if len(said) >= _CERTAIN or bits_a_byte(said.encode()) < _LIKELY else ""
