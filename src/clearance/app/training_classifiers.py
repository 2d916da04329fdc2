"""Wiring of training, calibration and the benchmark of the classifiers, with progress on a terminal."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from clearance.app.classifying import own_thresholds, stages_of, thresholds_path, weights_from
from clearance.app.places import cache_folder
from clearance.app.writable import Unwritable
from clearance.detect.classifier.heads import Head
from clearance.detect.phrases import PhraseJudge
from clearance.lab.threats.bench import head_score, measured, peers_measured, phrase_score, requests, rows_for
from clearance.lab.threats.calibrating import calibrated, kept_as_bytes
from clearance.lab.threats.training import Recipe, train
from clearance.model.recall import ClassifierBench
from clearance.model.threat import SpanChannel
from clearance.report.recall import render_recall, render_recall_json, render_recall_plot

_WINDOWS, _BESIDE_PEERS = 20_000, 4_000
"""Ordinary windows of each side of the benchmark; fewer beside peers, which take up to 50 ms a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a command prints and writes."""

    told: str
    json: str = ""
    plot: str = ""


def train_into(
    out: Path, *, data: Path, ordinary: Path, against: Path | None, seed: int, pairs: int, epochs: int
) -> None:
    """Train, and write the weights. Raises ThreatsError, Unwritable."""
    console = Console(stderr=True, highlight=False)
    recipe = Recipe(
        data=data, ordinary=ordinary, against=against, seed=seed, pairs=pairs, encoder_pairs=min(pairs, 40_000),
        epochs=epochs,
    )  # fmt: skip
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()  # noqa: TID251 - time comes in here
    trained = train(recipe, today, console.print)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in trained.files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise Unwritable(f"{out} could not be written: {error.strerror}.", advice="Name another folder.") from error
    console.print(f"Weights in {out}; measure them: clearance classify bench --weights {out} …")


def calibrate(benign: Path, percent: float, channels: Sequence[SpanChannel], folder: Path | None) -> Told:
    """Fit thresholds and keep them. Raises ThreatsError, WeightsUnusable, Unwritable."""
    weights = weights_from(folder)
    before = own_thresholds(weights) or weights.card.thresholds
    fitted = calibrated(stages_of(weights), before, benign, percent, channels)
    others = tuple(kept for kept in before if kept.percent != percent)
    text = kept_as_bytes(weights.digest, (*others, fitted))
    path = thresholds_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    except OSError as error:
        raise Unwritable(f"{path} could not be written: {error.strerror}.", advice="Free some space there.") from error
    return Told(
        told=f"Thresholds for {percent:g} % from {fitted.windows:,} windows of {benign}, kept in {path}.",
        json=text.decode(),
    )


def forget_thresholds() -> None:
    """Use what was shipped again."""
    thresholds_path().unlink(missing_ok=True)


def measure(data: Path, ordinary: Path, folder: Path | None, *, peers: bool) -> Told:
    """The benchmark. Raises ThreatsError, WeightsUnusable."""
    console = Console(stderr=True, highlight=False)
    weights = weights_from(folder)
    stages = stages_of(weights)
    rows = rows_for(data, ordinary, _BESIDE_PEERS if peers else _WINDOWS)
    console.print(f"{len(rows.labelled):,} labelled rows, {len(rows.judged_on):,} windows of ordinary text")
    judges = [
        measured("Clearance", head_score(stages, Head.THREAT), rows),
        measured("phrases of Clearance", phrase_score(PhraseJudge()), rows),
    ]
    if peers:
        judges += peers_measured(rows, cache_folder() / "peers", console.print)
    bench = ClassifierBench(
        weights=weights.digest,
        fitted_on=len(rows.fitted_on),
        judges=tuple(judges),
        requests=requests(stages, weights.card.thresholds, rows),
        unread=tuple(rows.unread),
    )
    return Told(told=render_recall(bench), json=render_recall_json(bench), plot=render_recall_plot(bench))
