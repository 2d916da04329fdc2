"""Confirmed tests to channels: what depends on what, of which class, with capacity and exemplars."""

from collections.abc import Iterable, Mapping, Sequence

from clearance.lab.experiment.confirm import StatedTest, Tested
from clearance.lab.experiment.table import NO_TALK, Feature, FeatureInfo, SeenRow, Table
from clearance.model.facts import Channel, Exemplar
from clearance.model.finding import ChannelClass
from clearance.model.ids import Digest, FactorName, LevelName
from clearance.observe.behaviour.classify import channel_of
from clearance.observe.behaviour.deviation import Deviation
from clearance.observe.behaviour.places import LOOKUPS, ORDER, host_of, is_traffic, is_way
from clearance.observe.difference import Shown, distinguishable_classes, mutual_information

_EXEMPLARS = 4
"""Exemplars shown for one channel."""

_Bucket = dict[tuple[ChannelClass, tuple[FactorName, ...], bool], list[tuple[Tested, Feature]]]


def channels(table: Table, tested: Sequence[Tested], stated: Sequence[StatedTest]) -> tuple[Channel, ...]:
    """One channel for each class and set of factors; different triggers of the same are listed within."""
    said = {test.factor for test in stated}
    found = [
        _channel(table, key, members)
        for key, members in _buckets(table, tested).items()
        if key[0] is not ChannelClass.DISCLOSED or not said.issuperset(key[1])
    ]
    found += [_stated(table, test) for test in stated]
    return tuple(found)


def _buckets(table: Table, tested: Sequence[Tested]) -> _Bucket:
    """Confirmed features by class, confirmed factors of the trigger and whether a person can read the difference."""
    by_trigger: dict[tuple[frozenset[tuple[FactorName, LevelName]], Shown], list[Tested]] = {}
    for test in tested:
        by_trigger.setdefault((test.hypothesis.trigger, test.hypothesis.kind), []).append(test)
    buckets: _Bucket = {}
    for tests in by_trigger.values():
        confirmed = [t for t in tests if t.confirmed]
        if not confirmed:
            continue
        factors = tuple(sorted(t.hypothesis.factor for t in confirmed))
        worst = max(confirmed, key=lambda t: t.p_value)
        for feature in sorted(set.intersection(*(set(t.features) for t in confirmed))):
            deviation = table.features[feature].deviation
            kind = channel_of(deviation, factors)
            readable = kind is ChannelClass.OPAQUE and deviation.shown is not Shown.ENCODED
            buckets.setdefault((kind, factors, readable), []).append((worst, feature))
    return buckets


def _channel(
    table: Table,
    key: tuple[ChannelClass, tuple[FactorName, ...], bool],
    members: Sequence[tuple[Tested, Feature]],
) -> Channel:
    kind, factors, readable = key
    members = _without_echoes(table, sorted(members, key=lambda m: _rank(table.features[m[1]])))
    tests = list({id(t): t for t, _ in members}.values())
    infos = [(t, table.features[f]) for t, f in members]
    triggers = tuple(dict(sorted(t.hypothesis.trigger)) for t in tests)
    return Channel(
        channel=kind,
        factors=factors,
        trigger=min(triggers, key=lambda t: (len(t), sorted(t.items()))),
        triggers=triggers,
        readable=readable,
        mechanisms=tuple(sorted({m for _, i in infos for m in i.deviation.mechanisms})) or _unnamed(infos[0][1]),
        exemplars=tuple(_exemplar(t, i) for t, i in _varied(infos)),
        places=len({i.deviation.place for _, i in infos}),
        p_value=max(t.p_value for t in tests),
        replicates=min(t.replicates for t in tests),
        bits=_bits(table, tests, [f for _, f in members]),
        values=_values(table, tests, factors, [f for _, f in members]),
        hosts=_new_hosts(i.deviation for _, i in infos),
        silent=any(i.deviation.place == NO_TALK for _, i in infos),
        appears=any(_comes(i.deviation) for _, i in infos),
    )


def _comes(deviation: Deviation) -> bool:
    return deviation.shown is Shown.APPEARS or "destination" in deviation.mechanisms


def _without_echoes(table: Table, members: Sequence[tuple[Tested, Feature]]) -> list[tuple[Tested, Feature]]:
    """The members without connections more or less where there are requests more or less to the same host."""
    found = [(member, table.features[member[1]].deviation) for member in members]
    counted = {host_of(d.place) or "model" for _, d in found if "count" in d.mechanisms}
    return [m for m, d in found if "connections" not in d.mechanisms or host_of(d.place) not in counted]


def _new_hosts(deviations: Iterable[Deviation]) -> tuple[str, ...]:
    """Receivers that the baseline never turns to; the staged gateway is not among them."""
    return tuple(sorted({d.host for d in deviations} - {""}))


def _rank(info: FeatureInfo) -> tuple[int, int, int, str]:
    """Silence first, then new receivers, prompt text, other content, headers and traffic; short places before long."""
    deviation = info.deviation
    place = deviation.place
    first = 0 if place == NO_TALK else 1 if deviation.host else 2
    within = 0 if place.startswith("model:turn-1 > json/system") else 1 if place.startswith("model:") else 2
    return first, within + is_way(place), len(place), place


def _unnamed(info: FeatureInfo) -> tuple[str, ...]:
    place = info.deviation.place
    return ("order",) if place in (ORDER, LOOKUPS) else ("count",) if is_traffic(place) else ()


def _varied(infos: Sequence[tuple[Tested, FeatureInfo]]) -> Iterable[tuple[Tested, FeatureInfo]]:
    """Exemplars of different changes before more places of the same change."""
    seen: set[str] = set()
    firsts = [p for p in infos if not (p[1].deviation.label in seen or seen.add(p[1].deviation.label))]  # type: ignore[func-returns-value]
    rest = [p for p in infos if p not in firsts]
    return [*firsts, *rest][:_EXEMPLARS]


def _exemplar(test: Tested, info: FeatureInfo) -> Exemplar:
    """The text that a confirming run sent, if one was kept, else the first that was seen."""
    wanted = dict(test.hypothesis.trigger)
    kept = sorted(info.exemplars, key=lambda e: sum(e[3].get(f) != lv for f, lv in wanted.items()))
    deviation, _, trace, _ = kept[0] if kept else (info.deviation, "", Digest(""), {})
    traces = (*(r.trace for r in test.runs[:2]), *(r.trace for r in test.controls[:1])) or (trace,)
    return Exemplar(
        place=for_readers(deviation),
        baseline=deviation.baseline,
        staged=deviation.staged,
        names=deviation.names,
        traces=traces,
        levels=wanted,
    )


def for_readers(deviation: Deviation) -> str:
    """The place with the beginning of its paragraph instead of the paragraph's anchor."""
    leaf, mark, _ = deviation.place.partition(" ¶")
    words = (deviation.baseline or deviation.staged).split()
    beginning = " ".join(words)[:44]
    return f'{leaf}, paragraph "{beginning}…"' if mark and words else leaf


def _bits(table: Table, tests: Sequence[Tested], features: Sequence[Feature]) -> float:
    """Mutual information between what was staged and which of the features a fresh run showed, in bits a run."""
    wanted = frozenset(features)
    pairs: list[tuple[frozenset[tuple[FactorName, LevelName]], frozenset[str]]] = []
    seen: set[Digest] = set()
    for test in tests:
        for rows, staged in ((test.runs, test.hypothesis.trigger), (test.controls, test.hypothesis.without)):
            for row in rows:
                if row.trace not in seen:
                    seen.add(row.trace)
                    pairs.append((staged, frozenset(table.features[f].deviation.label for f in row.shows & wanted)))
    return mutual_information(pairs) if pairs else 0.0


def _values(table: Table, tests: Sequence[Tested], factors: Sequence[FactorName], features: Sequence[Feature]) -> int:
    """How many groups of levels an observer of one run can tell apart, by what fresh runs and the search showed.

    At least two: what is confirmed can be told from the baseline.
    """
    wanted, names = frozenset(features), frozenset(factors)
    fresh = {row.run for test in tests for row in (*test.runs, *test.controls)}
    usual = next((row.levels for row in table.rows if row.phase == "baseline"), {})
    pairs = [
        (tuple(row.levels.get(f) for f in factors), frozenset(map(table.said, row.shows & wanted)))
        for row in table.rows
        if row.usable and (row.run in fresh or {f for f, lv in row.levels.items() if usual.get(f) != lv} <= names)
    ]
    return max(2, distinguishable_classes(pairs))


def _stated(table: Table, test: StatedTest) -> Channel:
    infos = sorted((table.features[f] for f in test.features), key=_rank)
    first = infos[0]
    exemplars = tuple(
        Exemplar(
            place=for_readers(d),
            baseline=d.baseline,
            staged=d.staged,
            names=d.names,
            traces=(trace,),
            levels={test.factor: levels[test.factor]},
        )
        for info in infos[:_EXEMPLARS]
        for d, _, trace, levels in [next(e for e in info.exemplars if test.factor in e[0].states)]
    )
    level = exemplars[0].levels if exemplars else {}
    return Channel(
        channel=ChannelClass.DISCLOSED,
        factors=(test.factor,),
        trigger=dict(level),
        exemplars=exemplars or (Exemplar(place=for_readers(first.deviation), baseline="", staged=""),),
        places=len({i.deviation.place for i in infos}),
        p_value=test.p_value,
        replicates=min(test.with_rows, test.without_rows),
        bits=1.0,
        values=2,
    )


def confirmed_statements(tests: Sequence[StatedTest], error: float) -> tuple[StatedTest, ...]:
    """Those that hold at a family-wise error of ``error`` (Bonferroni)."""
    return tuple(t for t in tests if t.p_value <= error / max(len(tests), 1))


def row_labels(table: Table, row: SeenRow) -> Mapping[str, str]:
    """Place to label of everything that a row shows; for people who look at one run."""
    return {table.features[f].deviation.place: table.features[f].deviation.label for f in row.shows}
