"""Values on their way through a command: text as far as known, and where it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from clearance.model.command import SourceKind

MOST_TEXT: Final = 65_536
_MOST_STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something in a value was taken from."""

    kind: SourceKind
    what: str


@dataclass(frozen=True, slots=True)
class Value:
    """A word, a variable, or what a program prints."""

    text: str = ""
    """As far as it is known; unknown variables stand in it by their names."""
    known: bool = True
    """Whether ``text`` is all of it."""
    origins: frozenset[Origin] = frozenset()
    steps: tuple[str, ...] = ()
    """What was done to it since."""

    def after(self, step: str) -> "Value":
        """The same value with one more step on its way."""
        if not self.origins or (self.steps and self.steps[-1] == step) or len(self.steps) >= _MOST_STEPS:
            return self
        return replace(self, steps=(*self.steps, step))

    def of(self, kind: SourceKind) -> tuple[Origin, ...]:
        """Its origins of one kind."""
        return tuple(sorted((o for o in self.origins if o.kind is kind), key=lambda o: o.what))


EMPTY: Final = Value()
UNKNOWN: Final = Value(known=False)


def plain(text: str) -> Value:
    """A value that is written down as it is."""
    return Value(text)


def unknown(text: str, origins: frozenset[Origin], steps: tuple[str, ...] = ()) -> Value:
    """A value of which the text is not all that is known."""
    return Value(text, known=False, origins=origins, steps=steps)


def joined(values: Iterable[Value], between: str = "") -> Value:
    """Values one behind the other; unknown when one of them is, cut when they grow too long."""
    parts = tuple(values)
    if len(parts) == 1:
        return parts[0]
    text = between.join(p.text for p in parts)
    return Value(
        text[:MOST_TEXT],
        all(p.known for p in parts) and len(text) <= MOST_TEXT,
        frozenset().union(*(p.origins for p in parts)),
        max((p.steps for p in parts), key=len, default=()),
    )


def carried(values: Iterable[Value]) -> Value:
    """Nothing of the text, all of the origins."""
    return replace(joined(values), text="", known=False)


def exchanged(text: str, old: str, new: str) -> str:
    """``text.replace(old, new)``, unless it is empty or grows beyond what is kept of a text."""
    if not old or text.count(old) * max(0, len(new) - len(old)) > MOST_TEXT:
        return text
    return text.replace(old, new)


def replace_text(value: Value, text: str) -> Value:
    """The same origins with another text."""
    return Value(text, value.known, value.origins, value.steps)
