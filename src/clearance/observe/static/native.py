"""Machine code and other binary by its strings: long texts that address a model, from runs of printable bytes.

Compilers lay strings side by side without an end between them, so a prompt's edges are where sentences begin and stop
making sense; what is cut off or runs over is at most a few words.
"""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Prompt, Where
from clearance.observe.static.prompts import is_prompt, prompt_of

_RUN: Final = re.compile(rb"[\x20-\x7e\n\r\t\xc2-\xf4\x80-\xbf]{400,}")
_SENTENCES: Final = re.compile(rb"(?:[A-Za-z',;:()`*_/-]{1,24} ){12,}")
_ADDRESSED: Final = re.compile(
    rb"(?:You are|You're|You must|You will|Your task|Use this tool|The user|the user's|#+ [A-Z][a-z]+|\*\*[A-Z])"
)
_MOST: Final = 500
_SPAN: Final = 256 << 10


def native_prompts(data: bytes | memoryview, member: int) -> Iterator[Prompt]:
    """Texts in binary that speak to a model, each once."""
    seen: set[str] = set()
    for run in _RUN.finditer(data):
        start, end = run.span()
        for piece, at in _pieces(bytes(data[start : min(end, start + _SPAN)]), start):
            if piece in seen or not is_prompt(piece):
                continue
            seen.add(piece)
            kind = "system" if piece.lstrip("#* \n").startswith(("You are", "You're")) else "text"
            yield prompt_of(piece, kind=kind, name="", where=Where(member=member, offset=at))
            if len(seen) >= _MOST:
                return


def _pieces(raw: bytes, start: int) -> Iterator[tuple[str, int]]:
    """Blocks of prose that begin where somebody is addressed, up to where sentences stop."""
    if not _SENTENCES.search(raw):
        return
    marks = [match.start() for match in _ADDRESSED.finditer(raw)]
    at = 0
    for mark in marks:
        if mark < at:
            continue
        stop = _end_of_prose(raw, mark)
        if stop - mark >= 200:
            yield raw[mark:stop].decode("utf-8", "replace"), start + mark
            at = stop


def _end_of_prose(raw: bytes, begin: int) -> int:
    """Where the text no longer looks like prose: a window of 160 bytes with few spaces or line ends."""
    at = begin
    while at < len(raw):
        window = raw[at : at + 160]
        blanks = window.count(b" ") + window.count(b"\n")
        if len(window) < 40 or blanks * 14 < len(window):
            break
        at += len(window)
    return min(at, len(raw))
