"""Texts as Cedar reads them. Whatever a record holds, it stays within its quotes."""

from collections.abc import Iterable, Sequence

from clearance.policy.times import as_datetime


def literal(text: str) -> str:
    """A string literal; everything but plain ASCII is written by its number."""
    return '"' + "".join(_sign(sign) for sign in text) + '"'


def pattern(glob: str) -> str:
    """The right side of ``like``: ``*`` stands for any letters, all else for itself."""
    return '"' + "".join("*" if sign == "*" else _sign(sign) for sign in glob) + '"'


def names(texts: Iterable[str]) -> str:
    """A set of string literals, sorted."""
    return f"[{', '.join(literal(text) for text in sorted(set(texts)))}]"


def any_of(parts: Sequence[str]) -> str:
    """One of the expressions, as a balanced tree: a long chain would be deeper than evaluators go, and be left out."""
    if len(parts) <= 2:
        return " || ".join(parts)
    middle = len(parts) // 2
    return f"({any_of(parts[:middle])}) || ({any_of(parts[middle:])})"


def stamp(instant: int) -> str:
    """An instant as Cedar reads it: ``2026-07-10T00:00:00Z``."""
    return f"{as_datetime(instant).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def moment(instant: int) -> str:
    """An instant as a datetime value."""
    return f'datetime("{stamp(instant)}")'


def _sign(sign: str) -> str:
    if sign in '\\"' or not " " <= sign <= "~" or sign == "*":
        return f"\\u{{{ord(sign):x}}}" if not 0xD800 <= ord(sign) <= 0xDFFF else "\\u{fffd}"
    return sign
