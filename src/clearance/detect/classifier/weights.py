"""The weights as they lie in a folder: a card that names its files by their digests. A changed file is refused."""

import hashlib
import io
from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.errors import WeightsUnusable
from clearance.detect.classifier.features import BUCKETS
from clearance.detect.classifier.heads import HEADS
from clearance.model.ids import Digest
from clearance.model.threat import SpanChannel

CARD: Final = "model.json"
LINEAR, ENCODER = "ngrams.bin", "encoder.onnx"
_ADVICE: Final = "Install Clearance anew, or train again with `clearance classify train`."

ReadFile = Callable[[str], bytes]
"""The bytes of a file of the folder; raises OSError."""


class Curve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rising curve through points: logits, and the probability at each."""

    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def at(self, logit: float) -> float:
        """The probability, between the points in a straight line, beyond them as at the last one."""
        return float(np.interp(logit, self.logits, self.probabilities))


class Mix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the two stages become one logit for a head: ``first * weight + second * weight``."""

    first: float
    second: float
    floor: float
    """What the second stage is taken to answer where it is not asked: its lowest answers for ordinary windows."""


class Thresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Logits above which a window of a channel is flagged, for a share of false alarms among ordinary windows."""

    percent: float
    """The share in percent: 1 or 0.1."""
    windows: int
    """How many ordinary windows they were fitted on."""
    threat: dict[SpanChannel, float]
    misuse: float
    short: float | None = None
    """The logit that the same share of ordinary short texts lie above; None: nobody fitted it."""


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the weights are, and how their answers are read."""

    schema: str = "clearance.classifier/1"
    made: str
    """The day of training."""
    seed: int
    rows: dict[str, int]
    """How many rows of which family taught."""
    files: dict[str, Digest]
    scale: tuple[float, ...]
    """Of the int8 weights of the first stage, one a head."""
    intercepts: tuple[float, ...]
    unsure: float
    """Logit of the first stage above which the second is asked; most ordinary windows lie below."""
    mixes: tuple[Mix, ...]
    """One a head."""
    curves: tuple[Curve, ...]
    """One a head."""
    thresholds: tuple[Thresholds, ...]


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that judging needs, checked."""

    card: ModelCard
    digest: Digest
    """SHA-256 of the card, which names the digests of all files."""
    linear: NDArray[np.int8]
    """(buckets, heads)."""
    encoder: bytes


def read_weights(read: ReadFile) -> Weights:
    """The weights of a folder. Raises WeightsUnusable when a file is missing, changed or of another shape."""
    try:
        card_bytes = read(CARD)
        card = msgspec.json.decode(card_bytes, type=ModelCard)
        files = {name: read(name) for name in (LINEAR, ENCODER)}
    except OSError as error:
        raise WeightsUnusable(f"The weights are not all there: {error}.", advice=_ADVICE) from error
    except msgspec.DecodeError as error:
        raise WeightsUnusable(f"{CARD} is no model card: {error}.", advice=_ADVICE) from error
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != card.files.get(name):
            raise WeightsUnusable(f"{name} is not the file that {CARD} names: its digest differs.", advice=_ADVICE)
    linear = np.frombuffer(files[LINEAR], dtype=np.int8)
    if linear.size != BUCKETS * len(HEADS) or len(card.scale) != len(HEADS) or len(card.curves) != len(HEADS):
        raise WeightsUnusable("The weights were made for another version of Clearance.", advice=_ADVICE)
    return Weights(
        card=card,
        digest=Digest(hashlib.sha256(card_bytes).hexdigest()),
        linear=linear.reshape(BUCKETS, len(HEADS)),
        encoder=files[ENCODER],
    )


def packed(weights: NDArray[np.float32]) -> tuple[bytes, tuple[float, ...]]:
    """(buckets, heads) as int8 with one scale a head, as the first stage reads them."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    written = io.BytesIO()
    written.write(np.rint(weights / scale).astype(np.int8).tobytes())
    return written.getvalue(), tuple(float(value) for value in scale)
