"""The recipe: rows, both stages, what is fitted on ordinary text, and the weights with their card.

1. Labelled rows of the sets that the user names, without rows that overlap sets they are to be judged on.
2. Generated pairs, some buried in ordinary documents; ordinary windows of developer text.
3. The first stage on all rows, the second on a part of them.
4. On other developer text: how the stages are mixed, when the second is asked, thresholds.
5. On generated rows of another seed and the same developer text: probabilities.

Everything follows from the seed, the data and the versions of the libraries.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from clearance.detect.classifier.heads import HEADS
from clearance.detect.classifier.stages import Logits, Stages, encoder
from clearance.detect.classifier.weights import CARD, ENCODER, LINEAR, Curve, Mix, ModelCard, Weights, packed
from clearance.detect.classifier.windows import SIZE
from clearance.lab.threats.constitution import constitution
from clearance.lab.threats.developer_text import ordinary_paragraphs, ordinary_windows
from clearance.lab.threats.encoder_training import train_encoder
from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.fitting import curves, mixes, thresholds, unsure
from clearance.lab.threats.generator import generated, requests
from clearance.lab.threats.linear_training import train_linear
from clearance.lab.threats.questions import fits_thresholds
from clearance.lab.threats.rows import Label, LabelledText
from clearance.lab.threats.shingles import overlapping
from clearance.lab.threats.sources import rows_below
from clearance.lab.threats.targets import only_requests, targets
from clearance.model.ids import Digest
from clearance.model.threat import MisuseTier

PERCENTS = (1.0, 0.1)
"""False alarms in percent of ordinary windows for which thresholds are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What training takes; the defaults are those of the shipped weights."""

    data: Path
    """Labelled sets."""
    ordinary: Path
    """Developer text: a folder ``train`` and a folder ``calibrate``, each a folder a project."""
    against: Path | None = None
    """Sets that are judged on later: no row that overlaps them teaches."""
    seed: int = 7
    pairs: int = 60_000
    requests: int = 300_000
    """Pairs of requests that teach the heads for misuse alone: what tells those apart is rare, and needs many."""
    encoder_pairs: int = 40_000
    encoder_windows: int = 20_000
    windows: int = 70_000
    of_one_project: int = 2_500
    epochs: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The files of the weights, by name."""

    files: dict[str, bytes]
    card: ModelCard


def train(recipe: Recipe, today: str, told: Callable[[str], None]) -> Trained:
    """The weights. Takes about half an hour on two cores. Raises ThreatsError."""
    ordinary = _windows(recipe.ordinary / "train", recipe.seed, recipe.windows, each=recipe.of_one_project)
    named = list(rows_below(recipe.data))
    if not named:
        raise ThreatsError(f"No labelled rows below {recipe.data}.", advice="See docs/classifiers.md for the forms.")
    if recipe.against is not None:
        judged_on = [row.text for row in rows_below(recipe.against)]
        twice = overlapping([row.text for row in named], judged_on)
        named = [row for number, row in enumerate(named) if number not in twice]
        told(f"{len(twice)} rows overlap those that are judged on and were left out")
    pairs = list(generated(constitution(), [row.text for row in ordinary], recipe.seed, recipe.pairs))
    rows = [*named, *pairs, *ordinary]
    told(f"{len(rows)} rows: {len(named)} named, {len(pairs)} generated, {len(ordinary)} windows of developer text")
    asked = list(requests(constitution(), recipe.seed + 2, recipe.requests))
    taught = np.concatenate([targets(rows), only_requests(targets(asked))])
    linear, intercepts = train_linear(texts([*rows, *asked]), taught, recipe.seed)
    told("the first stage is trained")
    some = np.random.default_rng(recipe.seed).permutation(len(ordinary))[: recipe.encoder_windows]
    rows = [*named, *pairs[: 2 * recipe.encoder_pairs], *(ordinary[at] for at in some)]
    network = train_encoder(texts(rows), targets(rows), recipe.seed, recipe.epochs, told)
    packed_linear, scale = packed(linear)
    files = {LINEAR: packed_linear, ENCODER: network}
    counts = Counter(row.family for row in (*named, *pairs))
    counts |= {"developer text": len(ordinary), "requests alone": len(asked)}
    card = ModelCard(
        made=today,
        seed=recipe.seed,
        rows=dict(counts),
        files={name: Digest(hashlib.sha256(data).hexdigest()) for name, data in files.items()},
        scale=scale,
        intercepts=tuple(float(x) for x in intercepts),
        unsure=0.0,
        mixes=(Mix(first=1.0, second=0.0, floor=0.0),) * len(HEADS),
        curves=(Curve(logits=(0.0,), probabilities=(0.5,)),) * len(HEADS),
        thresholds=(),
    )
    card = fitted(card, files, recipe, told)
    return Trained(files={**files, CARD: msgspec.json.format(msgspec.json.encode(card))}, card=card)


def fitted(card: ModelCard, files: dict[str, bytes], recipe: Recipe, told: Callable[[str], None]) -> ModelCard:
    """The card with mixing, probabilities and thresholds, from text that taught nothing."""
    ordinary = _windows(recipe.ordinary / "calibrate", recipe.seed, 20_000, each=1_500)
    told(f"fitting on {len(ordinary)} windows of other projects")
    stages = _stages(card, files)
    first, second = stages.first(texts(ordinary)), stages.second(texts(ordinary))
    card = msgspec.structs.replace(card, unsure=unsure(first), mixes=mixes(first, second))
    stages = _stages(card, files)
    logits = stages.logits(texts(ordinary))
    other = list(generated(constitution(), [row.text for row in ordinary], recipe.seed + 1, 4_000))
    questions = _questions(recipe, other)
    told(f"the head for misuse is fitted on {sum(map(len, questions))} ordinary questions about security")
    short = ordinary_paragraphs(recipe.ordinary / "calibrate", recipe.seed, 20_000, each=1_500)
    both: Logits = np.concatenate([stages.logits(texts(other)), logits])
    return msgspec.structs.replace(
        card,
        curves=curves(both, targets([*other, *ordinary])),
        thresholds=thresholds(
            logits, stages.logits(short), [stages.logits(texts(family)) for family in questions], PERCENTS
        ),
    )


def _questions(recipe: Recipe, generated_rows: Sequence[LabelledText]) -> list[list[LabelledText]]:
    """Ordinary questions about security by family: half of those judged on, by their digests, else generated ones."""
    rows = generated_rows if recipe.against is None else list(rows_below(recipe.against))
    found: defaultdict[str, list[LabelledText]] = defaultdict(list)
    for row in rows:
        ordinary = row.tier is MisuseTier.BENIGN and row.label is Label.ORDINARY
        if ordinary and (recipe.against is None or fits_thresholds(row)):
            found[row.family].append(row)
    return list(found.values())


def texts(rows: Iterable[LabelledText]) -> list[str]:
    """What of each row teaches: its first window."""
    return [row.text[:SIZE] for row in rows]


def _windows(folder: Path, seed: int, most: int, *, each: int) -> Sequence[LabelledText]:
    if not folder.is_dir():
        raise ThreatsError(
            f"There is no folder {folder}.",
            advice="Developer text lies in `train` and `calibrate`; bench/developer_text.py fetches it by name.",
        )
    return ordinary_windows(folder, seed, most, each=each)


def _stages(card: ModelCard, files: dict[str, bytes]) -> Stages:
    linear = np.frombuffer(files[LINEAR], dtype=np.int8).reshape(-1, len(HEADS))
    weights = Weights(card=card, digest=Digest(""), linear=linear, encoder=files[ENCODER])
    return Stages(weights, encoder(weights, threads=2))
