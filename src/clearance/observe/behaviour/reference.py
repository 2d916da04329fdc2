"""What a release does by itself, learned from baseline rows: places and how they vary; and deviations from it.

1. Every leaf that all replicates share to the letter is stable.
2. A leaf that varies is cut into atoms; atoms that vary become slots of a shape (``uuid4``, ``int:5``). Leaves whose
   structure varies, or that are not always there, are noisy: they cannot carry a single-run signal and are left out.
3. Any other row is then read against this: each difference is a *deviation*, labelled so that the same change in
   another run has the same label.
"""

import itertools
import sys
from collections.abc import Iterable, Sequence

from clearance.observe.behaviour.canonical import Statements, without_dates
from clearance.observe.behaviour.contacts import Contacts
from clearance.observe.behaviour.deviation import (
    Deviation,
    appears,
    chosen_otherwise,
    compared,
    otherwise,
    resized,
    resized_bytes,
)
from clearance.observe.behaviour.paragraphs import BETWEEN, WORDLESS, anchored, is_long
from clearance.observe.behaviour.places import (
    AS_CONFIGURED,
    AS_CONNECTED,
    BASE_URL,
    DESTINATION,
    EXACT,
    LOOKUPS,
    NO_TLS,
    ORDER,
    PRESENT,
    PROTOCOL,
    WHITHER,
    host_of,
    is_choice,
    is_traffic,
    is_way,
    part_of,
    port_of,
    request_of,
)
from clearance.observe.behaviour.route import endpoint_of_url
from clearance.observe.behaviour.row import Row
from clearance.observe.behaviour.skipping import Skipped
from clearance.observe.behaviour.slots import KnownText, known_text, masked
from clearance.observe.difference import Shown

_ITEMS = ("/keys", "/order", "header order", "header case", ORDER, LOOKUPS)
_DAY = 86400.0
_MOST_WAYS = 200
"""Combinations of statements tried at one place."""
_DOORS = ("proxy_env", "base_url")
"""Factors whose levels name a host that the tool is told to contact."""


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
        self._places: dict[str, dict[str, KnownText]] = {}
        self._noisy_leaves: set[str] = set()
        self._gaps: dict[str, tuple[float, float]] = {}
        self._told = rows[0].told
        self._contacts = Contacts(rows)
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
        requests = {request_of(place) for place in self.noisy}
        return frozenset(r for r in requests if not r.startswith("model:"))

    def _learn(self, rows: Sequence[Row]) -> None:
        leaves: dict[str, list[str]] = {}
        for row in rows:
            for leaf, text in row.places.items():
                leaves.setdefault(leaf, []).append(text)
        for leaf, texts in leaves.items():
            if len(texts) < len(rows) or len(set(texts)) > _most_ways(leaf):
                self._noisy_leaves.update(() if is_choice(leaf) else (leaf,))
                continue
            self._leaves[leaf] = frozenset(texts)
            if len(set(texts)) > 1 and not is_choice(leaf) and part_of(leaf) not in EXACT:
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

    def _units(self, leaf: str, texts: Sequence[tuple[str, float]]) -> dict[str, KnownText]:
        columns: dict[str, list[tuple[str, float]]] = {}
        whole = leaf.endswith(_ITEMS) or part_of(leaf) == "bytes" or not any(is_long(text) for text, _ in texts)
        for text, clock in texts:
            for anchor, unit in self._cut(text, clock, whole=whole):
                columns.setdefault(anchor, []).append((unit, clock))
        return {
            anchor: self._known(units) if len(units) == len(texts) else KnownText(raw=units[0][0], canonical=None)
            for anchor, units in columns.items()
        }

    def _cut(self, text: str, clock: float, *, whole: bool) -> Iterable[tuple[str, str]]:
        if whole:
            return (("", text),)
        return tuple(anchored(text, lambda unit: self._canonical(unit, clock)))

    def _known(self, units: Sequence[tuple[str, float]]) -> KnownText:
        return known_text(units[0][0], [self._canonical(unit, clock) for unit, clock in units])

    def _canonical(self, text: str, clock: float, *, padding: bool = True) -> str:
        return without_dates(self.statements.without_statements(text), clock, padding=padding)

    def deviations(self, row: Row) -> tuple[Deviation, ...]:
        """Every difference of this row from the reference, noise left out."""
        found: list[Deviation] = []
        skipped = Skipped(self._leaves, row)
        for leaf, known in self._leaves.items():
            if leaf not in skipped:
                found.extend(self._of_known(leaf, known, row.places.get(leaf), row))
        new = {request_of(leaf) for leaf in row.places if leaf.endswith(PRESENT) and leaf not in self._leaves}
        for leaf, text in row.places.items():
            if leaf in self._leaves or leaf in skipped or not self._is_news(leaf, row):
                continue
            if leaf.endswith(PRESENT) or request_of(leaf) not in new:
                traffic = is_traffic(leaf)
                said = self._named(host_of(leaf), row) if traffic else self._stated(text, row)
                host = self._contacts.new(host_of(leaf), port_of(leaf)) if traffic else ""
                found.append(appears(leaf, "", gone=False, text=text, states=said, host=host))
        found.extend(self._pauses(row))
        return tuple(found)

    def _of_known(self, leaf: str, known: frozenset[str], text: str | None, row: Row) -> Iterable[Deviation]:
        """What a row has at a leaf that every baseline row has."""
        if is_choice(leaf):
            return chosen_otherwise(leaf, known, text)
        if part_of(leaf) in EXACT or (leaf == LOOKUPS and text is None):
            return self._otherwise(leaf, known, text, row) if text is not None else ()
        if text is None:
            return (appears(leaf, "", gone=True, text=next(iter(known))),)
        if part_of(leaf) == "size":
            return resized_bytes(leaf, known, text)
        return self._leaf_deviations(leaf, text, row) if text not in known else ()

    def _is_news(self, leaf: str, row: Row) -> bool:
        """Whether a leaf that no baseline row has can tell anything."""
        if leaf in self._noisy_leaves or is_choice(leaf) or part_of(leaf) in EXACT or leaf == LOOKUPS:
            return False
        return not (self._is_staged_door(leaf, row) or (is_way(leaf) and leaf in self._contacts.ways))

    def _otherwise(self, leaf: str, known: frozenset[str], text: str, row: Row) -> Iterable[Deviation]:
        """Another receiver, protocol or kind of body; none where the staged environment asks for it."""
        part, usual = part_of(leaf), min(known)
        if text in known or text == AS_CONFIGURED:
            return
        if part == PROTOCOL and usual.endswith(NO_TLS) != text.endswith(NO_TLS):
            return  # the destination says it
        host, port = _receiver(part, text) if part in WHITHER else ("", None)
        named = self._named(host, row)
        if set(named) & set(_DOORS) or (host == BASE_URL and part != DESTINATION):
            return
        told = self._told.get(leaf, usual), row.told.get(leaf, text)
        yield otherwise(leaf, usual, text, told=told, states=named, host=self._contacts.new(host, port))

    def _leaf_deviations(self, leaf: str, text: str, row: Row) -> Iterable[Deviation]:
        places = self._places.get(leaf)
        if places is None:
            raw = next(iter(self._leaves[leaf]))
            places = self._places[leaf] = self._units(leaf, [(raw, self._clock)] * 2)
        return tuple(self._unit_deviations(leaf, places, text, row))

    def _unit_deviations(self, leaf: str, places: dict[str, KnownText], text: str, row: Row) -> Iterable[Deviation]:
        units = dict(self._cut(text, row.wall_clock, whole="" in places))
        renamed = self._renamed(places, units, row)
        for anchor, place in places.items():
            unit = units.get(renamed.get(anchor, anchor))
            if place.canonical is None:
                continue
            if unit is None and not anchor.startswith(BETWEEN):
                yield appears(leaf, anchor, gone=True, text=place.raw, alone=self._unsaid(place.raw, row))
            elif unit is not None and unit != place.raw:
                yield from self._changes(leaf, anchor, place, unit, row)
        yield from self._order(leaf, [a for a, p in places.items() if p.canonical is not None], list(units))
        known = places.keys() | set(renamed.values())
        for anchor, unit in units.items():
            if anchor not in known and not anchor.startswith(BETWEEN):
                alone = self.statements.alone(unit, self._staged(row))
                yield appears(leaf, anchor, gone=False, text=unit, states=self._stated(unit, row), alone=alone)

    def _renamed(self, places: dict[str, KnownText], units: dict[str, str], row: Row) -> dict[str, str]:
        """Paragraphs that got another anchor by a statement too short to be known by itself (``locale C``)."""
        gone = [(a, p) for a, p in places.items() if p.canonical and "⟨" in p.canonical and a not in units]
        new = [a for a in units if a not in places and not a.startswith(BETWEEN)]
        pairs = itertools.islice(itertools.product(gone, new), _MOST_WAYS)
        return {a: b for (a, p), b in pairs if self._said_in_place(*self._sides(p, units[b], row), row)}

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

    def _changes(self, leaf: str, anchor: str, place: KnownText, unit: str, row: Row) -> Iterable[Deviation]:
        expected, canonical = self._sides(place, unit, row)
        where = f"{leaf} ¶{anchor}" if anchor else leaf
        if place.slots and canonical != expected and (other := resized(where, expected, canonical, place.raw, unit)):
            yield other
            return
        if leaf in (ORDER, LOOKUPS):  # what comes and goes is told at its own place
            expected, canonical = _shared_lines(expected, canonical), _shared_lines(canonical, expected)
        in_place = self._said_in_place(expected, canonical, row)
        if canonical == expected or in_place:
            states = tuple(dict.fromkeys((*self._stated(unit, row), *in_place)))
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

    def _sides(self, place: KnownText, unit: str, row: Row) -> tuple[str, str]:
        """The place's canonical text and that of a row's unit, as far as days apart and slots allow."""
        other_day = abs(row.wall_clock - self._clock) > _DAY
        canonical, expected = self._canonical(unit, row.wall_clock, padding=not other_day), place.canonical
        if other_day and not place.slots:
            expected = self._canonical(place.raw, self._clock, padding=False)
        assert expected is not None
        return expected, masked(canonical, place)

    def _is_staged_door(self, leaf: str, row: Row) -> bool:
        """Whether a name or connection is one that the staged environment itself asked for: its proxy, its gateway."""
        if leaf.endswith(PRESENT) or not is_traffic(leaf):
            return False
        return host_of(leaf) == BASE_URL or bool(set(self._named(host_of(leaf), row)) & set(_DOORS))

    def _named(self, host: str, row: Row) -> tuple[str, ...]:
        """Factors whose staged value is this very host; a word of a host's name says nothing openly."""
        levels = ((f, lv) for f, lv in row.cell.levels.items() if self._levels.get(f) != lv)
        return tuple(f for f, lv in levels if host in self.statements.renderings.get(f, {}).get(lv, ()))

    def _said_in_place(self, expected: str, canonical: str, row: Row) -> tuple[str, ...]:
        """Factors whose level stands, and is all that differs, exactly where the baseline states its own.

        There a value too short to be searched for (``C``) is stated all the same, and so is nothing where the level has
        nothing to say (``Git remote: `` in a project without one).
        """
        changed = [
            f
            for f, lv in row.cell.levels.items()
            if self._levels.get(f) != lv and expected.count(f"⟨{f}⟩") > canonical.count(f"⟨{f}⟩")
        ]
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
        return self.statements.stated(text, self._staged(row))

    def _staged(self, row: Row) -> dict[str, str]:
        return {f: lv for f, lv in row.cell.levels.items() if self._levels.get(f) != lv}

    def _unsaid(self, text: str, row: Row) -> tuple[str, ...]:
        """Factors whose baseline level a line that is gone stated by itself."""
        staged = self._staged(row)
        return self.statements.alone(text, {f: lv for f, lv in self._levels.items() if f in staged})

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


def _most_ways(leaf: str) -> int:
    """Texts, at most, that a leaf may have in the baseline and still be compared."""
    if leaf == LOOKUPS:
        return 1
    return 2 if part_of(leaf) in EXACT else sys.maxsize


def _receiver(part: str, text: str) -> tuple[str, int | None]:
    """Host and port in the text of a destination, a Host header or a server name."""
    url = text if part == DESTINATION else f"https://{text}"
    to = endpoint_of_url(url) if text != AS_CONNECTED else None
    return (to.host, to.port) if to else ("", None)
