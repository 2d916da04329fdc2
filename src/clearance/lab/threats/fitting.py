"""What is fitted after training: how the stages are mixed, probabilities, and thresholds on ordinary text alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.stages import Logits
from clearance.detect.classifier.weights import Curve, Mix, Thresholds
from clearance.lab.threats.targets import Targets
from clearance.model.threat import SpanChannel

SHARE_ASKED = 0.15
"""The share of ordinary windows for which the second stage is asked."""
_FIRST_ONLY = (Head.MISUSE, Head.HIGH_RISK, Head.LOW_RISK)
"""Heads of requests: the second stage learns the frames of generated requests by heart, and then tells other people's
questions and misuse apart worse than words do (2 % of questions flagged: 5 % caught, against 51 % by words)."""
_POINTS = 40


def mixes(first: Logits, second: Logits) -> tuple[Mix, ...]:
    """Weights that give both stages the same spread over ordinary windows, from their logits for such windows."""
    made = []
    for at, head in enumerate(HEADS):
        one, two = first[:, at], second[:, at]
        if head in _FIRST_ONLY:
            made.append(Mix(first=1.0, second=0.0, floor=0.0))
            continue
        ratio = float(one.std() / max(two.std(), 1e-6))
        made.append(Mix(first=0.5, second=0.5 * ratio, floor=float(np.quantile(two, 0.05))))
    return tuple(made)


def unsure(first: Logits) -> float:
    """The logit of the first stage above which few ordinary windows lie."""
    largest = first[:, [HEADS.index(Head.THREAT), HEADS.index(Head.MISUSE)]].max(axis=1)
    return float(np.quantile(largest, 1 - SHARE_ASKED))


def curves(logits: Logits, taught: Targets) -> tuple[Curve, ...]:
    """Isotonic probabilities from rows that taught nothing. A head of which nothing is known stays flat at a half."""
    return tuple(_curve(logits[:, at], taught[:, at]) for at in range(len(HEADS)))


def _curve(logits: NDArray[np.float32], wanted: NDArray[np.float32]) -> Curve:
    from sklearn.isotonic import IsotonicRegression

    known = ~np.isnan(wanted)
    if not known.any():
        return Curve(logits=(0.0,), probabilities=(0.5,))
    model = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip").fit(logits[known], wanted[known])
    points = np.unique(np.quantile(logits[known], np.linspace(0, 1, _POINTS)))
    return Curve(
        logits=tuple(round(float(x), 4) for x in points),
        probabilities=tuple(round(float(y), 4) for y in model.predict(points)),
    )


def thresholds(
    logits: Logits, short: Logits, questions: Sequence[Logits], percents: Sequence[float]
) -> tuple[Thresholds, ...]:
    """For each share of false alarms the logits that so many of the ordinary windows lie above.

    ``short`` are the logits of short texts: a hit in one that is ordinary among them weighs less.
    The head for misuse is fitted on families of ordinary questions about security, twice the share: there is nobody
    whose ordinary text holds as many of them as of anything else. The family that scores highest decides: questions in
    languages that the head does not know would hide the others.
    """
    threat, misuse = logits[:, HEADS.index(Head.THREAT)], [each[:, HEADS.index(Head.MISUSE)] for each in questions]
    made = []
    for percent in percents:
        limit = float(np.quantile(threat, 1 - percent / 100))
        made.append(
            Thresholds(
                percent=percent,
                windows=len(logits),
                threat=dict.fromkeys(SpanChannel, limit),
                short=float(np.quantile(short[:, HEADS.index(Head.THREAT)], 1 - percent / 100)),
                misuse=max(float(np.quantile(each, 1 - 2 * percent / 100)) for each in misuse),
            )
        )
    return tuple(made)
