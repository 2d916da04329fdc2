"""Texts that vary by themselves, as one text with slots where the replicates differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from clearance.observe.behaviour.deviation import MAX_COMPARED
from clearance.observe.difference.atoms import Atom, AtomKind, atoms, shape

_MEASURE = 5
"""Digits, at most, of a number that counts or measures something; longer ones that vary are ids."""
_HEXADECIMAL = re.compile(r"(?P<lower>[0-9a-f]{4,})|(?P<upper>[0-9A-F]{4,})")
_SHORT_HEXADECIMAL = re.compile(r"(?<![\w+/.-])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4,7}(?![\w+/.-])")


@dataclass(slots=True)
class KnownText:
    """One place in the baseline: its canonical text, or the slots it varies in."""

    raw: str
    canonical: str | None
    """None: varies in a way that slots do not describe (noisy)."""
    slots: dict[int, str] = field(default_factory=dict)
    length: int = 0
    """Number of atoms when there are slots."""


def known_text(raw: str, texts: Sequence[str]) -> KnownText:
    """What replicates say at one place: slots where they differ; noisy when their structure does.

    ``raw`` is the first of them as sent, ``texts`` are all of them in canonical form.
    """
    if len(set(texts)) == 1:
        return KnownText(raw=raw, canonical=texts[0])
    cut = [_atoms(t[:MAX_COMPARED]) for t in texts]
    if len({len(c) for c in cut}) > 1:
        return KnownText(raw=raw, canonical=None)
    slots = {i: _slot([c[i] for c in cut]) for i in range(len(cut[0])) if len({c[i].text for c in cut}) > 1}
    place = KnownText(raw=raw, canonical="", slots=slots, length=len(cut[0]))
    without = {_mask(c, place) + t[MAX_COMPARED:] for c, t in zip(cut, texts, strict=True)}
    place.canonical = without.pop() if len(without) == 1 else None
    return place


def masked(canonical: str, place: KnownText) -> str:
    """A text in canonical form with what varies at this place masked as it is there, as far as it fits."""
    if not place.slots:
        return canonical
    cut = _atoms(canonical[:MAX_COMPARED])
    return _mask(cut, place) + canonical[MAX_COMPARED:] if len(cut) == place.length else canonical


def _atoms(text: str) -> list[Atom]:
    """The atoms of a text; short hexadecimal strings stay whole, so that one that varies has always the same atoms."""
    found: list[Atom] = []
    end = 0
    for match in _SHORT_HEXADECIMAL.finditer(text):
        found += [*atoms(text[end : match.start()]), Atom(AtomKind.HEX, match.group())]
        end = match.end()
    return [*found, *atoms(text[end:])]


def _slot(column: Sequence[Atom]) -> str:
    """The shape that all replicates share at one position, or how far they agree on it.

    A short number that varies is a measure: its number of digits varies as well, sooner or later. A short hexadecimal
    string now and then consists of digits or of letters alone.
    """
    shapes = {shape(a) for a in column}
    kinds = {a.kind for a in column}
    if AtomKind.HEX in kinds and (hexadecimal := {_hexadecimal(a) for a in column}) != {""}:
        shapes = hexadecimal if len(hexadecimal) == 1 else shapes
    if kinds == {AtomKind.NUMBER} and all(a.text.isdigit() and len(a.text) <= _MEASURE for a in column):
        return AtomKind.NUMBER
    if len(shapes) == 1:
        return next(iter(shapes))
    return next(iter(kinds)) if len(kinds) == 1 else "any"


def _hexadecimal(atom: Atom) -> str:
    """The shape of the atom as a hexadecimal string; empty when it is none."""
    match = _HEXADECIMAL.fullmatch(atom.text)
    return f"hex:{len(atom.text)}:{'upper' if match['upper'] else 'lower'}" if match else ""


def _mask(cut: Sequence[Atom], place: KnownText) -> str:
    """The text with each slot replaced by its shape; a slot that does not fit stays as it is, and so differs."""
    out = []
    for i, atom in enumerate(cut):
        expected = place.slots.get(i)
        if expected is None:
            out.append(atom.text)
        elif expected in ("any", shape(atom), atom.kind, _hexadecimal(atom)):
            out.append(f"⟨{expected}⟩")
        else:
            out.append(f"⟨{shape(atom)}⟩")
    return "".join(out)
