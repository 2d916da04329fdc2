"""What a release does by itself, learned from baseline rows: places and how they vary; and deviations from it.

1. Every leaf that all replicates share to the letter is stable.
2. A leaf that varies is cut into atoms; atoms that vary become slots of a shape (``uuid4``, ``int:5``). Leaves whose
   structure varies, or that are not always there, are noisy: they cannot carry a single-run signal and are left out.
3. Any other row is then read against this: each difference is a *deviation*, labelled so that the same change in
   another run has the same label.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clearance.observe.behaviour.canonical import Statements, without_dates
from clearance.observe.behaviour.deviation import MAX_COMPARED, Deviation, appears, chosen_otherwise, compared, resized
from clearance.observe.behaviour.lexical import WRITTEN
from clearance.observe.behaviour.paragraphs import BETWEEN, WORDLESS, anchored, is_long
from clearance.observe.behaviour.rows import ORDER, PRESENT, Row, host_of, is_traffic
from clearance.observe.difference import Shown
from clearance.observe.difference.atoms import Atom, AtomKind, atoms, shape

_ITEMS = ("/keys", "/order", "header order", "header case", ORDER)
_DAY = 86400.0
_MEASURE = 5
"""Digits, at most, of a number that counts or measures something; longer ones that vary are ids."""
_HEXADECIMAL = re.compile(r"(?P<lower>[0-9a-f]{4,})|(?P<upper>[0-9A-F]{4,})")
_SHORT_HEXADECIMAL = re.compile(r"(?<![\w+/.-])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4,7}(?![\w+/.-])")
_MOST_WAYS = 200
"""Combinations of statements tried at one place."""
_DOORS = ("proxy_env", "base_url")
"""Factors whose levels name a host that the tool is told to contact."""


@dataclass(slots=True)
class _Place:
    """One place in the baseline: its canonical text, or the slots it varies in."""

    raw: str
    canonical: str | None
    """None: varies in a way that slots do not describe (noisy)."""
    slots: dict[int, str] = field(default_factory=dict)
    length: int = 0
    """Number of atoms when there are slots."""


class Reference:
    """The baseline of one campaign."""

    def __init__(self, rows: Sequence[Row], statements: Statements) -> None:
        if not rows:
            raise ValueError("a reference needs at least one baseline row")
        self.statements = statements
        self.rows = len(rows)
        self._clock = rows[0].wall_clock
        self._levels = rows[0].cell.levels
        self._leaves: dict[str, frozenset[str]] = {}
        self._places: dict[str, dict[str, _Place]] = {}
        self._noisy_leaves: set[str] = set()
        self._gaps: dict[str, tuple[float, float]] = {}
        self._learn(rows)

    @property
    def places(self) -> int:
        """Number of places that are compared."""
        return sum(len(p) for p in self._places.values()) + len(self._leaves) - len(self._places)

    @property
    def noisy(self) -> tuple[str, ...]:
        """Leaves that come and go, or vary beyond description, in the baseline itself."""
        inner = [
            f"{leaf} ¶{anchor}" for leaf, ps in self._places.items() for anchor, p in ps.items() if p.canonical is None
        ]
        return tuple(sorted([*self._noisy_leaves, *inner]))

    @property
    def volatile(self) -> frozenset[str]:
        """Requests outside the conversation in which something comes and goes by itself."""
        requests = {_request(place) for place in self.noisy}
        return frozenset(r for r in requests if not r.startswith("model:"))

    def _learn(self, rows: Sequence[Row]) -> None:
        leaves: dict[str, list[str]] = {}
        for row in rows:
            for leaf, text in row.places.items():
                leaves.setdefault(leaf, []).append(text)
        for leaf, texts in leaves.items():
            if len(texts) < len(rows):
                self._noisy_leaves.update(() if _is_choice(leaf) else (leaf,))
                continue
            self._leaves[leaf] = frozenset(texts)
            if len(set(texts)) > 1 and not _is_choice(leaf):
                self._places[leaf] = self._units(leaf, [(t, r.wall_clock) for t, r in zip(texts, rows, strict=True)])
        gap_values: dict[str, list[float]] = {}
        for row in rows:
            for place, seconds in row.gaps.items():
                gap_values.setdefault(place, []).append(seconds)
        for place, values in gap_values.items():
            middle = sorted(values)[len(values) // 2]
            spread = sorted(abs(v - middle) for v in values)[len(values) // 2]
            if len(values) == len(rows):
                self._gaps[place] = (middle, spread)

    def _units(self, leaf: str, texts: Sequence[tuple[str, float]]) -> dict[str, _Place]:
        columns: dict[str, list[tuple[str, float]]] = {}
        whole = leaf.endswith(_ITEMS) or not any(is_long(text) for text, _ in texts)
        for text, clock in texts:
            for anchor, unit in self._cut(text, clock, whole=whole):
                columns.setdefault(anchor, []).append((unit, clock))
        return {
            anchor: self._place(units) if len(units) == len(texts) else _Place(raw=units[0][0], canonical=None)
            for anchor, units in columns.items()
        }

    def _cut(self, text: str, clock: float, *, whole: bool) -> Iterable[tuple[str, str]]:
        if whole:
            return (("", text),)
        return tuple(anchored(text, lambda unit: self._canonical(unit, clock)))

    def _canonical(self, text: str, clock: float, *, padding: bool = True) -> str:
        return without_dates(self.statements.without_statements(text), clock, padding=padding)

    def _place(self, units: Sequence[tuple[str, float]]) -> _Place:
        """Slots where the replicates differ; noisy when their structure does."""
        texts = [self._canonical(unit, clock) for unit, clock in units]
        if len(set(texts)) == 1:
            return _Place(raw=units[0][0], canonical=texts[0])
        cut = [_atoms(t[:MAX_COMPARED]) for t in texts]
        if len({len(c) for c in cut}) > 1:
            return _Place(raw=units[0][0], canonical=None)
        slots = {i: _slot([c[i] for c in cut]) for i in range(len(cut[0])) if len({c[i].text for c in cut}) > 1}
        place = _Place(raw=units[0][0], canonical="", slots=slots, length=len(cut[0]))
        masked = {_mask(c, place) + t[MAX_COMPARED:] for c, t in zip(cut, texts, strict=True)}
        place.canonical = masked.pop() if len(masked) == 1 else None
        return place

    def deviations(self, row: Row) -> tuple[Deviation, ...]:
        """Every difference of this row from the reference, noise left out."""
        found: list[Deviation] = []
        gone = {_request(leaf) for leaf in self._leaves if leaf.endswith(PRESENT) and leaf not in row.places}
        new = {_request(leaf) for leaf in row.places if leaf.endswith(PRESENT) and leaf not in self._leaves}
        for leaf, known in self._leaves.items():
            text = row.places.get(leaf)
            if not leaf.endswith(PRESENT) and _request(leaf) in gone:
                continue
            if _is_choice(leaf):
                found.extend(chosen_otherwise(leaf, known, text))
            elif text is None:
                found.append(appears(leaf, "", gone=True, text=next(iter(known))))
            elif text not in known:
                found.extend(self._leaf_deviations(leaf, text, row))
        for leaf, text in row.places.items():
            if (
                leaf in self._leaves
                or leaf in self._noisy_leaves
                or _is_choice(leaf)
                or self._is_staged_door(leaf, row)
            ):
                continue
            if leaf.endswith(PRESENT) or _request(leaf) not in new:
                said = self._named(host_of(leaf), row) if is_traffic(leaf) else self._stated(text, row)
                found.append(appears(leaf, "", gone=False, text=text, states=said))
        found.extend(self._pauses(row))
        return tuple(found)

    def _leaf_deviations(self, leaf: str, text: str, row: Row) -> Iterable[Deviation]:
        places = self._places.get(leaf)
        if places is None:
            raw = next(iter(self._leaves[leaf]))
            places = self._places[leaf] = self._units(leaf, [(raw, self._clock)] * 2)
        return tuple(self._unit_deviations(leaf, places, text, row))

    def _unit_deviations(self, leaf: str, places: dict[str, _Place], text: str, row: Row) -> Iterable[Deviation]:
        units = dict(self._cut(text, row.wall_clock, whole="" in places))
        for anchor, place in places.items():
            unit = units.get(anchor)
            if place.canonical is None:
                continue
            if unit is None and not anchor.startswith(BETWEEN):
                yield appears(leaf, anchor, gone=True, text=place.raw)
            elif unit is not None and unit != place.raw:
                yield from self._changes(leaf, anchor, place, unit, row)
        yield from self._order(leaf, [a for a, p in places.items() if p.canonical is not None], list(units))
        for anchor, unit in units.items():
            if anchor not in places and not anchor.startswith(BETWEEN):
                yield appears(leaf, anchor, gone=False, text=unit, states=self._stated(unit, row))

    def _order(self, leaf: str, expected: Sequence[str], found: Sequence[str]) -> Iterable[Deviation]:
        """Paragraphs that are all there, in another order; which of several alike moved cannot be said."""
        alike = {a.partition("#")[0] for a in (*expected, *found) if "#" in a}
        single = {a for a in expected if not a.startswith(BETWEEN) and a.partition("#")[0] not in alike}
        shared = single & set(found)
        before, after = [a for a in expected if a in shared], [a for a in found if a in shared]
        if before != after:
            moved = [a for a, b in zip(before, after, strict=True) if a != b]
            yield Deviation(
                place=f"{leaf} > order of paragraphs",
                label="order",
                shown=Shown.FORM,
                mechanisms=("order",),
                names=tuple(f"paragraph moved: {a[:60]}" for a in moved[:4]),
                baseline="\n".join(before),
                staged="\n".join(after),
            )

    def _changes(self, leaf: str, anchor: str, place: _Place, unit: str, row: Row) -> Iterable[Deviation]:
        other_day = abs(row.wall_clock - self._clock) > _DAY
        canonical, expected = self._canonical(unit, row.wall_clock, padding=not other_day), place.canonical
        if other_day and not place.slots:
            expected = self._canonical(place.raw, self._clock, padding=False)
        if place.slots:
            cut = _atoms(canonical[:MAX_COMPARED])
            canonical = _mask(cut, place) + canonical[MAX_COMPARED:] if len(cut) == place.length else canonical
        where = f"{leaf} ¶{anchor}" if anchor else leaf
        assert expected is not None
        if place.slots and canonical != expected and (other := resized(where, expected, canonical, place.raw, unit)):
            yield other
            return
        if leaf == ORDER:  # what comes and goes is told at its own place
            expected, canonical = _shared_lines(expected, canonical), _shared_lines(canonical, expected)
        in_place = self._said_in_place(expected, canonical, row)
        if canonical == expected or in_place:
            states = self._stated(unit, row) or in_place
            if states and not place.slots:
                yield Deviation(
                    place=where,
                    label=f"states {','.join(states)}",
                    shown=Shown.STATED,
                    baseline=place.raw,
                    staged=unit,
                    states=states,
                )
            return
        items = leaf.endswith(_ITEMS) or anchor == WORDLESS
        yield from compared(where, expected, canonical, place.raw, unit, self._stated(unit, row), items=items)

    def _is_staged_door(self, leaf: str, row: Row) -> bool:
        """Whether a name or connection is one that the staged environment itself asked for: its proxy, its gateway."""
        if leaf.endswith(PRESENT) or not is_traffic(leaf):
            return False
        return bool(set(self._named(host_of(leaf), row)) & set(_DOORS))

    def _named(self, host: str, row: Row) -> tuple[str, ...]:
        """Factors whose staged value is this very host; a word of a host's name says nothing openly."""
        levels = ((f, lv) for f, lv in row.cell.levels.items() if self._levels.get(f) != lv)
        return tuple(f for f, lv in levels if host in self.statements.renderings.get(f, {}).get(lv, ()))

    def _said_in_place(self, expected: str, canonical: str, row: Row) -> tuple[str, ...]:
        """Factors whose level stands, and is all that differs, exactly where the baseline states its own.

        There a value too short to be searched for (``C``) is stated all the same, and so is nothing where the level has
        nothing to say (``Git remote: `` in a project without one).
        """
        changed = [f for f, lv in row.cell.levels.items() if self._levels.get(f) != lv and f"⟨{f}⟩" in expected]
        ways = [
            (level := row.cell.levels[f], *(self.statements.renderings.get(f, {}).get(level) or ("",))) for f in changed
        ]
        for said in itertools.islice(itertools.product(*ways), _MOST_WAYS) if changed else ():
            text = expected
            for factor, value in zip(changed, said, strict=True):
                text = text.replace(f"⟨{factor}⟩", value)
            if text == canonical:
                return tuple(changed)
        return ()

    def _stated(self, text: str, row: Row) -> tuple[str, ...]:
        levels: dict[str, str] = {f: lv for f, lv in row.cell.levels.items() if self._levels.get(f) != lv}
        return self.statements.stated(text, levels)

    def _pauses(self, row: Row) -> Iterable[Deviation]:
        for place, (middle, spread) in self._gaps.items():
            seconds = row.gaps.get(place)
            if seconds is None:
                continue
            if seconds > middle + max(0.35, 8 * spread):
                yield Deviation(
                    place=f"{place} > pause before",
                    label="slower",
                    shown=Shown.ENCODED,
                    mechanisms=("time",),
                    baseline=f"{middle:.2f} s",
                    staged=f"{seconds:.2f} s",
                )


def _shared_lines(text: str, other: str) -> str:
    """The lines of a text that the other text has as well."""
    there = set(other.split("\n"))
    return "\n".join(line for line in text.split("\n") if line in there)


def _is_choice(leaf: str) -> bool:
    """Whether a leaf says how something is written: compared only where both sides had that choice."""
    return leaf.partition(" > ")[2].startswith(WRITTEN)


def _request(leaf: str) -> str:
    """The request that a leaf belongs to, or the leaf itself."""
    return leaf.partition(" > ")[0]


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


def _mask(cut: Sequence[Atom], place: _Place) -> str:
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
