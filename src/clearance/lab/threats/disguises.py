"""Changes that leave an order readable and put off who looks for words: case, spacing, typing errors, splitting."""

import random
import re
from collections.abc import Callable


def disguised(text: str, pick: random.Random) -> str:
    """The text under one disguise."""
    return pick.choice(DISGUISES)(text, pick)


def _upper(text: str, pick: random.Random) -> str:
    return text.upper() if pick.random() < 0.5 else text.lower()


def _swapped(text: str, pick: random.Random) -> str:
    """Neighbouring letters change places in some of the longer words."""

    def typed(match: re.Match[str]) -> str:
        word = match[0]
        if pick.random() > 0.25:
            return word
        at = pick.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return re.sub(r"[A-Za-z]{5,}", typed, text)


def _dropped(text: str, pick: random.Random) -> str:
    return re.sub(r"(?<=[A-Za-z])[a-z](?=[a-z])", lambda match: "" if pick.random() < 0.05 else match[0], text)


def _spaced(text: str, pick: random.Random) -> str:
    space = pick.choice(("  ", " \n", "\n", "\t", " . "))
    return re.sub(" ", lambda match: space if pick.random() < 0.2 else match[0], text)


def _figures(text: str, pick: random.Random) -> str:
    figures = str.maketrans(pick.choice(({"e": "3"}, {"o": "0"}, {"a": "4", "i": "1"}, {"s": "$"})))
    return text.translate(figures)


def _wrapped(text: str, pick: random.Random) -> str:
    width = pick.choice((30, 50, 72))
    lines: list[str] = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word} "
    return "\n".join(line.rstrip() for line in lines)


def _without_ends(text: str, pick: random.Random) -> str:
    return re.sub(r"[.,:;!?]", "" if pick.random() < 0.5 else " ", text)


DISGUISES: tuple[Callable[[str, random.Random], str], ...] = (
    _upper, _swapped, _dropped, _spaced, _figures, _wrapped, _without_ends,
)  # fmt: skip
"""What ``disguised`` chooses from; the adaptive tests try each of them by itself."""
