"""What of a text can be found again in another: runs of words, single tokens, addresses and paths."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.commands.destinations import hosts_in

MOST_TEXT: Final = 131_072
"""Characters of one span that are compared: two thirds from its beginning, one third from its end."""
RUN: Final = 5
"""Words of a run: five in a row are seldom the same by chance."""
_WORD: Final = re.compile(r"\w+")
_TOKEN: Final = re.compile(r"[^\s\"'`,;(){}\[\]<>|&=]{6,512}")
_LOOSE: Final = re.compile(r"[A-Za-z0-9_+/.~-]{6,512}")
_URL: Final = re.compile(r"(?i)\bhttps?://[^\s\"'`<>)\]}|]{3,2048}")
_MAILBOX: Final = re.compile(
    r"(?<![\w.%+/@-])[\w.%+-]{1,64}@((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?![\w@-]|:\S|\.\w)",
    re.IGNORECASE | re.ASCII,
)
"""Not what git and scp take: there a path follows behind a colon."""
_PATH: Final = re.compile(r"(?:~|\.{1,2})?/(?:[\w.@+-]{1,255}/){0,31}[\w.@+-]{2,255}|[\w-]{1,64}/[\w./-]{2,255}")
_GOAL: Final = re.compile(r"[a-z][a-z0-9_]{2,40}")
_MOST: Final = 4096


def bounded(text: str) -> str:
    """The part of a text that is compared."""
    if len(text) <= MOST_TEXT:
        return text
    return f"{text[: MOST_TEXT * 2 // 3]}\n{text[-(MOST_TEXT // 3) :]}"


def runs(text: str) -> Iterator[int]:
    """A number for each run of words in order. Numbers are of this process: hashing of text is salted."""
    words = _WORD.findall(text.lower())
    for at in range(len(words) - RUN + 1):
        yield hash(tuple(words[at : at + RUN]))


def tokens(text: str) -> tuple[str, ...]:
    """Parts of a text that could be a value by themselves, split in two ways; at most 8,192."""
    cut = [match for match, _ in zip(_TOKEN.findall(text), range(_MOST), strict=False)]
    loose = [match for match, _ in zip(_LOOSE.findall(text), range(_MOST), strict=False)]
    return tuple(dict.fromkeys((*cut, *loose)))


def addresses(text: str) -> tuple[str, ...]:
    """URLs as written, without marks of a sentence and slashes at their end; at most 4,096."""
    if "://" not in text:
        return ()
    found = (match.group().rstrip(".,:!*_/") for match, _ in zip(_URL.finditer(text), range(_MOST), strict=False))
    return tuple(dict.fromkeys(found))


def mailboxes(text: str) -> tuple[str, ...]:
    """Mail addresses in lower case; at most 4,096."""
    if "@" not in text:
        return ()
    found = (match.group().lower() for match, _ in zip(_MAILBOX.finditer(text), range(_MOST), strict=False))
    return tuple(dict.fromkeys(found))


def hosts(text: str) -> tuple[str, ...]:
    """Hosts of all addresses in a text."""
    return tuple(dict.fromkeys(host for url in addresses(text) for host in hosts_in(url)))


def paths(text: str) -> tuple[str, ...]:
    """What reads like a path; at most 4,096."""
    if "/" not in text:
        return ()
    return tuple(dict.fromkeys(match.group() for match, _ in zip(_PATH.finditer(text), range(_MOST), strict=False)))


def goal_words(text: str) -> tuple[str, ...]:
    """Words of a request in lower case."""
    return tuple(dict.fromkeys(_GOAL.findall(text.lower())))
