"""Thresholds on a company's own text, per channel, kept with the digest of the weights that they belong to."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.stages import Stages
from clearance.detect.classifier.weights import Thresholds
from clearance.lab.threats.developer_text import ordinary_windows
from clearance.lab.threats.errors import ThreatsError
from clearance.model.ids import Digest
from clearance.model.threat import SpanChannel


class KeptThresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``calibrate`` keeps."""

    schema: str = "clearance.thresholds/1"
    weights: Digest
    thresholds: tuple[Thresholds, ...]


def calibrated(
    stages: Stages, shipped: tuple[Thresholds, ...], folder: Path, percent: float, channels: Iterable[SpanChannel]
) -> Thresholds:
    """Thresholds that ``percent`` of the windows of a folder lie above; other channels keep what was shipped.

    Raises ThreatsError when the folder has too few windows to say.
    """
    rows = ordinary_windows(folder, seed=1, most=50_000, each=50_000)
    if len(rows) * percent / 100 < 1:
        raise ThreatsError(
            f"{folder} has {len(rows)} windows of text, too few for {percent:g} %.",
            advice=f"Name folders with at least {round(100 / percent):,} windows of about 1,200 characters.",
        )
    logits = stages.logits([row.text for row in rows])
    limit = float(np.quantile(logits[:, HEADS.index(Head.THREAT)], 1 - percent / 100))
    base = min(shipped, key=lambda kept: abs(kept.percent - percent))
    return Thresholds(
        percent=percent,
        windows=len(rows),
        threat={**base.threat, **dict.fromkeys(channels, limit)},
        misuse=base.misuse,
        short=base.short,
    )


def kept_as_bytes(weights: Digest, thresholds: tuple[Thresholds, ...]) -> bytes:
    """What is written to the file of thresholds."""
    return msgspec.json.format(msgspec.json.encode(KeptThresholds(weights=weights, thresholds=thresholds))) + b"\n"


def read_thresholds(data: bytes, weights: Digest) -> tuple[Thresholds, ...]:
    """The kept thresholds. Raises ThreatsError when they are none, or belong to other weights."""
    try:
        kept = msgspec.json.decode(data, type=KeptThresholds)
    except msgspec.DecodeError as error:
        raise ThreatsError(f"The kept thresholds cannot be read: {error}.", advice=_AGAIN) from error
    if kept.weights != weights:
        raise ThreatsError("The kept thresholds were fitted for other weights.", advice=_AGAIN)
    return kept.thresholds


_AGAIN: Final = "Run `clearance classify calibrate` again, or remove the file with `--reset`."
