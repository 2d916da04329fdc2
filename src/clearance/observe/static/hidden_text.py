r"""Code points that a reader does not see, or takes for others, where they stand in the bytes as they are.

1. The bytes are searched once, for the few lead sequences of UTF-8 under which such code points lie.
2. Honest uses are no facts: joiners between emoji and within scripts that need them, variation selectors behind a
   symbol, direction marks beside right-to-left text, a byte order mark at the start, whole words of another script.
3. Escapes (``\u200b``) are visible to a reader of the source and count nowhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.model.contents import MOST_PLACES, HiddenText, Language, Where
from clearance.observe.difference.codepoints import name_of
from clearance.observe.difference.confusables import prototype
from clearance.observe.static.prompts import is_prompt
from clearance.observe.static.script import LiteralKind, Script

_UNSEEN: Final = re.compile(
    rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xe1\xa0[\x8b-\x8f]|\xf3\xa0[\x80-\x87][\x80-\xbf]"
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
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS: Final = frozenset("\u200e\u200f\u061c")
_BLANKS: Final = frozenset("\u3164\uffa0\u115f\u1160\u2800")
_JOINERS: Final = frozenset("\u200c\u200d")


def hidden_texts(
    data: bytes | memoryview, member: int, *, language: Language, script: Script | None
) -> tuple[HiddenText, ...]:
    """One for each kind of code point and kind of place."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for offset, run in _runs(data):
        kind = _kind(run, _before(data, offset), _after(data, offset + len(run.encode())))
        if kind:
            where = _where(offset, language, script)
            if where != "comment" or kind in ("bidi", "tag"):
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
        return "" if before == "\U0001f3f4" or _flag(before, run) else "tag"
    if any(0xE0100 <= ord(c) <= 0xE01EF for c in chars) or sum(0xFE00 <= ord(c) <= 0xFE0F for c in run) > 1:
        return "variation-selector" if len(run) > 1 else ""
    if chars & _BIDI:
        return "" if _is_rtl(before) or _is_rtl(after) else "bidi"
    if chars <= _JOINERS and (_joins(before) or _joins(after)):
        return ""
    if chars & _BLANKS:
        return "" if _hangul(before) or _hangul(after) or run == "\u2800" else "blank"
    if any("\ue000" <= c <= "\uf8ff" or ord(c) >= 0xF0000 for c in chars):
        return "private-use"
    if chars <= _MARKS:
        return "" if _is_rtl(before) or _is_rtl(after) else "zero-width"
    if all(0xFE00 <= ord(c) <= 0xFE0F for c in chars) or (run == "\ufeff" and not before):
        return ""
    return "zero-width"


def _flag(before: str, run: str) -> bool:
    """The tags of a flag emoji end with a cancel tag."""
    return (
        bool(before) and unicodedata.category(before) in ("So", "Sk") and run.endswith("\U000e007f") and len(run) <= 8
    )


def _is_rtl(char: str) -> bool:
    return bool(char) and unicodedata.bidirectional(char) in ("R", "AL", "AN")


def _joins(char: str) -> bool:
    """Characters beside which a joiner is ordinary: emoji, and letters of scripts that shape."""
    if not char:
        return False
    return unicodedata.category(char) in ("So", "Sk", "Mn", "Mc") or "\u0600" <= char <= "\u0dff" or ord(char) > 0x1F000


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
        return "document" if language is Language.MARKDOWN else "string"
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
        decoded="\n".join(filter(None, (_decoded(kind, run) for _, run in spots)))[:_MOST_DECODED],
        excerpt=bytes(data[begin:end]).decode("utf-8", "ignore"),
        count=len(spots),
        places=tuple(Where(member=member, offset=at) for at, _ in spots[:MOST_PLACES]),
    )


def _decoded(kind: str, run: str) -> str:
    """What the code points say, where they are another way to write letters."""
    if kind == "tag":
        return "".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) <= 0xE007E)
    if kind == "variation-selector":
        raw = bytes(_selected(c) for c in run if _selected(c) >= 0)
        text = raw.decode("utf-8", "replace")
        return text if text.isprintable() else ""
    return ""


def _selected(char: str) -> int:
    """The byte that a variation selector stands for: VS1 to VS16 are 0 to 15, VS17 to VS256 the rest."""
    code = ord(char)
    if 0xFE00 <= code <= 0xFE0F:
        return code - 0xFE00
    return code - 0xE0100 + 16 if 0xE0100 <= code <= 0xE01EF else -1
