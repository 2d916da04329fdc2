"""Text that an agent reads and the reader of a rendered page does not see.

1. What stands in a code block or between backticks is shown as it is, and hides nothing.
2. Comments of HTML, link definitions used as comments, elements that styles or attributes hide, alternative texts of
   pictures, terminal sequences that conceal, and text far to the right or far below are unseen.
3. Characters that are invisible themselves, and encoded text, are other modules' part. What ``<details>`` folds away
   is one click from view and is not counted.
"""

import bisect
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

_LARGEST: Final = 1 << 20
_MOST: Final = 60
_MOST_DEFINITIONS: Final = 400
_WINDOW: Final = 4 << 10
_EVENT: Final = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})|(?P<comment><!--)|(?P<ticks>`+)", re.MULTILINE)
_FENCE_END: Final = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t\r]*$", re.MULTILINE)
_BLANK: Final = re.compile(r"\n[ \t>]*\n")
_DEFINITION: Final = re.compile(
    r"^[ \t>]{0,8}\[([^\]\n]{1,400})\]:[ \t]*(?:<>|#[^\s]*)[ \t]*\n?[ \t]*([\"'(]?)", re.MULTILINE
)
_CLOSING: Final = {'"': '"', "'": "'", "(": ")"}
_TAG: Final = re.compile(r"<([a-zA-Z][\w-]{0,30})((?:[\s/][^<>]{0,1000})?)>")
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0?\.?[01](?:px|pt|r?em|%)?\s*(?:[;\"'!]|\Z)"
    r"|opacity\s*:\s*0?\.?0\d?\s*(?:[;\"'!]|\Z)|(?<![\w-])color\s*[:=]\s*[\"']?\s*(?:white\b|#fff(?:fff)?\b|transparent\b"
    r"|rgba?\(\s*255\s*,\s*255\s*,\s*255)|(?:max-)?(?:width|height)\s*:\s*0(?:px)?\s*(?:[;\"'!]|\Z)"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0|\shidden(?=[\s=/]|\Z)",
    re.IGNORECASE,
)
_NEVER_SHOWN: Final = frozenset({"script", "style", "template", "noscript"})
_PICTURE: Final = re.compile(r"!\[([^\[\]\n]{120,2000})\]\(|<img\s[^<>]{0,400}?\balt=\"([^\"<>]{120,2000})\"")
_FAR_RIGHT: Final = re.compile(r"(?<![ \t])[ \t]{160,}+(\S[^\n]*)")
_FAR_BELOW: Final = re.compile(r"\n(?:[ \t\r]*\n){40,}+([^\n]*)")
_CONCEALED: Final = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033)\[(?:\d+;)*8m(.{1,2000}?)(?=\x1b|\\x1b|\\u001b|\\033|\Z)", re.DOTALL
)


def unseen_in(text: str) -> tuple[str, ...]:
    """The unseen texts, each once, in order of their kinds; at most 60, from the first MiB."""
    text = text[:_LARGEST].rstrip()
    shown, comments = _apart(text)
    found = dict.fromkeys(" ".join(piece.split()) for piece in (*comments, *_others(shown), *_far(text)))
    return tuple(piece for piece in found if piece)[:_MOST]


def _apart(text: str) -> tuple[str, list[str]]:
    """The text without its code and comments (its length stays), and the comments; one pass from left to right."""
    ticks = _runs(text)
    blanks = [match.start() for match in _BLANK.finditer(text)]
    last_close = text.rfind("-->")
    kept: list[str] = []
    comments: list[str] = []
    at = 0
    while (event := _EVENT.search(text, at)) is not None:
        begin = event.start()
        if event["fence"]:
            end = _fence_end(text, event)
        elif event["comment"]:
            end = _comment_end(text, event, last_close)
            closed = end - 3 if text.startswith("-->", end - 3) else end
            if end > event.end():
                comments.append(text[begin + 4 : closed])
        else:
            end = _code_end(event, ticks, blanks)
        kept += (text[at:begin], " " * (end - begin) if end > event.end() else event[0])
        at = max(end, event.end())
    kept.append(text[at:])
    return "".join(kept), comments


def _fence_end(text: str, event: "re.Match[str]") -> int:
    """The end of a fenced block: a line of at least as many of the same signs, or the end of the text."""
    mark = event["fence"]
    closing = (m.end() for m in _FENCE_END.finditer(text, event.end()) if m[1].startswith(mark))
    return next(closing, len(text))


def _comment_end(text: str, event: "re.Match[str]", last_close: int) -> int:
    """An unclosed comment hides the rest where it begins a line; elsewhere it is shown as it stands."""
    if event.start() + 2 <= last_close:
        return text.index("-->", event.start() + 2) + 3
    line = text[text.rfind("\n", 0, event.start()) + 1 : event.start()]
    return len(text) if not line.strip() else event.end()


def _runs(text: str) -> dict[int, list[int]]:
    """Where runs of backticks begin, by their length."""
    found: dict[int, list[int]] = defaultdict(list)
    for match in re.finditer("`+", text):
        found[len(match[0])].append(match.start())
    return found


def _code_end(event: "re.Match[str]", ticks: dict[int, list[int]], blanks: list[int]) -> int:
    """The end of code between backticks: a run of the same length in the same paragraph closes it."""
    same = ticks[len(event["ticks"])]
    following = bisect.bisect_right(same, event.start())
    blank = bisect.bisect_left(blanks, event.end())
    limit = blanks[blank] if blank < len(blanks) else None
    if following >= len(same) or (limit is not None and same[following] > limit):
        return event.end()
    return same[following] + len(event["ticks"])


def _others(shown: str) -> Iterator[str]:
    """What is hidden in a text without its code and comments."""
    for match in itertools.islice(_DEFINITION.finditer(shown), _MOST_DEFINITIONS):
        yield _remark(shown, match)
    hiding = (t for t in _TAG.finditer(shown) if t[1].lower() in _NEVER_SHOWN or _HIDING.search(t[2]))
    for tag in itertools.islice(hiding, _MOST):
        close = shown.find(f"</{tag[1]}", tag.end(), tag.end() + _WINDOW)
        yield shown[tag.end() : close if close >= 0 else tag.end() + _WINDOW]
    for match in _PICTURE.finditer(shown):
        yield match[1] or match[2]


def _remark(shown: str, match: "re.Match[str]") -> str:
    """The title of a link definition that leads nowhere, or its label where that is a sentence."""
    if not match[2]:
        return match[1] if len(match[1].split()) > 3 else ""
    blank = _BLANK.search(shown, match.end(), match.end() + _WINDOW)
    title = shown[match.end() : blank.start() if blank else match.end() + _WINDOW]
    return title[: title.find(_CLOSING[match[2]])] if _CLOSING[match[2]] in title else title


def _far(text: str) -> Iterator[str]:
    for match in _FAR_RIGHT.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        if not text[line : line + 20].lstrip().startswith("|"):  # cells of a table are padded
            yield match[1]
    for pattern in (_FAR_BELOW, _CONCEALED):
        for match in pattern.finditer(text):
            yield match[1]
