"""Views of a text, each blind to one kind of form: two texts equal in a view differ in that form only."""

import functools
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

from clearance.observe.difference.codepoints import is_dash, is_diacritic, is_invisible, is_quote, is_space
from clearance.observe.difference.confusables import skeleton

ESCAPE = re.compile(
    r"""\\u[0-9a-fA-F]{4} | \\x[0-9a-fA-F]{2} | \\[nrt"'/\\]
      | (?:%[0-9a-fA-F]{2})+
      | &(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});""",
    re.VERBOSE,
)
"""One escape of JSON or JavaScript, a run of percent escapes, or an HTML entity."""

_SHORT = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A way to look at a text that does not see one kind of form."""

    mechanism: str
    apply: Callable[[str], str]


def unescaped(text: str) -> str:
    """The text with each escape replaced by what it stands for; escapes that stand for nothing stay."""
    undone = ESCAPE.sub(lambda match: undo(match.group()), text)
    if undone.isascii():
        return undone
    # a code point above U+FFFF is escaped as two surrogates: join them
    return undone.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@functools.lru_cache(maxsize=4096)
def undo(escape: str) -> str:
    """What one match of :data:`ESCAPE` stands for."""
    if escape[0] == "%":
        return urllib.parse.unquote_to_bytes(escape).decode("utf-8", "surrogateescape")
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[1] in "ux":
        return bytes.fromhex(escape[2:].zfill(4)).decode("utf-16-be", "surrogatepass")
    return _SHORT.get(escape[1], escape[1])


def _lines(text: str) -> str:
    return re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def visible(text: str) -> str:
    """The text without characters that nobody sees."""
    return "".join(char for char in text if not is_invisible(char))


_SPACE_BETWEEN_WORDS = re.compile(r"(?<=\w) +(?=\w)")


def _tight(text: str) -> str:
    """One space between words (its loss would join them), none elsewhere."""
    spaced = "".join(" " if is_space(char) else char for char in text)
    kept = _SPACE_BETWEEN_WORDS.sub("\0", spaced)
    return kept.replace(" ", "").replace("\0", " ")


def _skeleton(text: str) -> str:
    return skeleton(unicodedata.normalize("NFD", text))


def _quotes(text: str) -> str:
    return re.sub("'+", "'", "".join("'" if is_quote(char) else char for char in text))


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFC", text.upper().casefold())


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in split if not is_diacritic(char)))


def _dashes(text: str) -> str:
    dashed = "".join("-" if is_dash(char) else "..." if char == "…" else char for char in text)
    return re.sub("--+", "-", dashed)


VIEWS = (
    View(mechanism="escaping", apply=unescaped),
    View(mechanism="line-ending", apply=_lines),
    View(mechanism="invisible", apply=visible),
    View(mechanism="unicode-normalisation", apply=_composed),
    View(mechanism="white-space", apply=_tight),
    View(mechanism="homoglyph", apply=_skeleton),
    View(mechanism="unicode-normalisation", apply=_compatible),
    View(mechanism="quotes", apply=_quotes),
    View(mechanism="case", apply=_caseless),
    View(mechanism="diacritics", apply=_bare),
    View(mechanism="punctuation", apply=_dashes),
)
"""In the order in which they are put one on the other."""
