"""The source-disjoint benchmark: families that taught nothing, ordinary windows of projects that taught nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from clearance.detect.canonical import canonical
from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.stages import Stages
from clearance.detect.classifier.weights import Thresholds
from clearance.detect.classifier.windows import windows
from clearance.detect.phrases import PhraseJudge
from clearance.lab.threats.developer_text import ordinary_windows
from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.measuring import Scores, curve, operating_point, threshold_for
from clearance.lab.threats.peers import PEERS, Peer, peer_scores
from clearance.lab.threats.questions import fits_thresholds
from clearance.lab.threats.rows import Label, LabelledText
from clearance.lab.threats.sources import rows_below, unread_below
from clearance.model.recall import JudgeRecall, RequestRecall
from clearance.model.threat import SpanChannel

Score = Callable[[Sequence[str]], Scores]
_MOST_WINDOWS: Final = 40
"""Windows of one row that are scored: a row of an attack is a few sentences."""
_PERCENTS: Final = (1.0, 0.1)
_PLOTTED: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is judged on."""

    fitted_on: Sequence[str]
    judged_on: Sequence[str]
    labelled: Sequence[LabelledText]
    unread: Sequence[str]


def rows_for(data: Path, ordinary: Path, most: int) -> Rows:
    """Labelled rows below ``data``; windows of ``calibrate`` and ``judge`` below ``ordinary``. Raises ThreatsError."""
    labelled = list(rows_below(data))
    if not any(row.label is not Label.ORDINARY for row in labelled):
        raise ThreatsError(f"No attacks below {data}.", advice="docs/classifiers.md says which forms are read.")
    calibrate = ordinary_windows(ordinary / "calibrate", _SEED, most, each=1_500)
    judge = ordinary_windows(ordinary / "judge", _SEED, most, each=1_500)
    if not calibrate or not judge:
        raise ThreatsError(
            f"No developer text in {ordinary}/calibrate or {ordinary}/judge.",
            advice="bench/developer_text.py fetches it by name.",
        )
    return Rows(
        fitted_on=[row.text for row in calibrate],
        judged_on=[row.text for row in judge],
        labelled=labelled,
        unread=[str(path.relative_to(data)) for path in unread_below(data)],
    )


def measured(name: str, score: Score, rows: Rows) -> JudgeRecall:
    """A judge's recall of every family, at thresholds that were fitted on ordinary windows alone."""
    fitted_on, judged_on = score(rows.fitted_on), score(rows.judged_on)
    families = _by_family(rows.labelled, score)
    attacks = {family: s for (family, label), s in families.items() if label in (Label.INJECTION, Label.JAILBREAK)}
    others = {family: s for (family, label), s in families.items() if label is Label.ORDINARY}
    limits = [threshold_for(fitted_on, percent) for percent in _PERCENTS]
    return JudgeRecall(
        name=name,
        points=tuple(operating_point(fitted_on, judged_on, attacks, percent, _SEED) for percent in _PERCENTS),
        curve=curve(judged_on, attacks, _PLOTTED),
        ordinary={name: tuple(float((s > limit).mean()) for limit in limits) for name, s in sorted(others.items())},
    )


def requests(stages: Stages, kept: Sequence[Thresholds], rows: Rows) -> tuple[RequestRecall, ...]:
    """The head for misuse at the kept thresholds, without the questions that these were fitted on."""
    score = head_score(stages, Head.MISUSE)
    asked = [row for row in rows.labelled if row.tier is not None or row.label is Label.MISUSE]
    families = _by_family([row for row in asked if row.label is Label.MISUSE or not fits_thresholds(row)], score)
    return tuple(
        RequestRecall(
            percent=limits.percent,
            threshold=limits.misuse,
            caught=_shares(families, Label.MISUSE, limits.misuse),
            flagged=_shares(families, Label.ORDINARY, limits.misuse),
        )
        for limits in kept
    )


def _shares(families: Mapping[tuple[str, Label], Scores], label: Label, limit: float) -> dict[str, float]:
    return {name: float((s > limit).mean()) for (name, of), s in sorted(families.items()) if of is label}


def head_score(stages: Stages, head: Head) -> Score:
    """A head's logits as a score."""
    at = HEADS.index(head)
    return lambda texts: stages.logits(list(texts))[:, at].astype(np.float64)


def phrase_score(judge: PhraseJudge) -> Score:
    """The rules as a score: 0 for no phrase in any view, else the rank of the most severe one and how many there are.

    Channels are not known here: each text counts as an answer of a tool, in which every rule counts.
    """

    def scored(text: str) -> float:
        views = canonical(text.encode("utf-8", "surrogateescape"))
        several = {id(view): view for view in (views.plain, views.skeleton, *views.decoded)}
        found = [seen for view in several.values() for seen in judge.find(view.text, SpanChannel.FILE_RESULT)[0]]
        ranks = [0.5 if seen.about else float(seen.rule.severity.rank) for seen in found]
        return max(ranks, default=0.0) + min(len(ranks), 9) / 100

    return lambda texts: np.array([scored(text) for text in texts], dtype=np.float64)


def peers_measured(rows: Rows, folder: Path, told: Callable[[str], None]) -> tuple[JudgeRecall, ...]:
    """The same for every peer; one that cannot be run is said and left out."""
    found = []
    for peer in PEERS:
        told(f"running {peer.name}")
        try:
            found.append(measured(peer.name, _scored_by(peer, folder), rows))
        except ThreatsError as error:
            told(str(error))
    return tuple(found)


def _scored_by(peer: Peer, folder: Path) -> Score:
    return lambda texts: peer_scores(peer, texts, folder)


def _by_family(rows: Sequence[LabelledText], score: Score) -> dict[tuple[str, Label], Scores]:
    """Every row's highest window, by family and label."""
    texts: list[str] = []
    owners: list[int] = []
    for number, row in enumerate(rows):
        for window in list(windows(row.text))[:_MOST_WINDOWS]:
            texts.append(window.text)
            owners.append(number)
    highest = np.full(len(rows), -np.inf)
    np.maximum.at(highest, owners, score(texts))
    families: defaultdict[tuple[str, Label], list[float]] = defaultdict(list)
    for row, value in zip(rows, highest, strict=True):
        families[row.family, row.label].append(float(value))
    return {key: np.array(values) for key, values in families.items()}
