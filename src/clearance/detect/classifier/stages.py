"""The two stages: n-grams on every window, the encoder on those where n-grams leave it open."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.errors import WeightsUnusable
from clearance.detect.classifier.features import buckets
from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.tokens import PARTS, token_ids
from clearance.detect.classifier.weights import Weights

Logits = NDArray[np.float32]
"""(windows, heads)."""

Encode = Callable[[NDArray[np.int32]], Logits]
"""(windows, tokens, parts) to (windows, heads)."""

_BATCH: Final = 16
_ASKING: Final = [HEADS.index(Head.THREAT), HEADS.index(Head.MISUSE)]
"""Where one of these heads leaves a window open, the second stage is asked."""


class Stages:
    """Logits of windows from both stages."""

    def __init__(self, weights: Weights, encode: Encode) -> None:
        self._card, self._linear, self._encode = weights.card, weights.linear, encode
        self._scale = np.array(weights.card.scale, dtype=np.float32)
        self._intercepts = np.array(weights.card.intercepts, dtype=np.float32)
        self._mixes = np.array([(mix.first, mix.second, mix.floor) for mix in weights.card.mixes], dtype=np.float32)

    def logits(self, texts: Sequence[str]) -> Logits:
        """One row of logits a window."""
        first = np.array([self._first(text) for text in texts], dtype=np.float32).reshape(-1, len(HEADS))
        second = np.tile(self._mixes[:, 2], (len(first), 1))
        asked = [int(at) for at in np.flatnonzero((first[:, _ASKING] > self._card.unsure).any(axis=1))]
        if asked:
            second[asked] = self.second([texts[at] for at in asked])
        mixed: Logits = first * self._mixes[:, 0] + second * self._mixes[:, 1]
        return mixed

    def first(self, texts: Sequence[str]) -> Logits:
        """The first stage alone."""
        return np.array([self._first(text) for text in texts], dtype=np.float32).reshape(-1, len(HEADS))

    def _first(self, text: str) -> Logits:
        found = buckets(text)
        if not found.size:
            return self._intercepts
        sums = self._linear[found].sum(axis=0, dtype=np.int64)
        answer: Logits = (sums / np.sqrt(found.size) * self._scale + self._intercepts).astype(np.float32)
        return answer

    def second(self, texts: Sequence[str]) -> Logits:
        """The second stage alone."""
        ids = [token_ids(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        answers = np.empty((len(ids), len(HEADS)), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            answers[batch] = self._encode(padded([ids[at] for at in batch]))
        return answers


def padded(rows: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """(rows, tokens, parts), short rows filled with zeros."""
    table = np.zeros((len(rows), max(len(row) for row in rows), PARTS), dtype=np.int32)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def encoder(weights: Weights, threads: int) -> Encode:
    """The second stage by onnxruntime. Raises WeightsUnusable where that is not installed."""
    try:
        import onnxruntime
    except ImportError as error:
        raise WeightsUnusable(
            "The second stage needs onnxruntime, which is not installed.", advice='pip install "clearance[models]"'
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # A thread that has nothing to do sleeps: spinning took as much of a busy machine again as the work itself.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Any = onnxruntime.InferenceSession(weights.encoder, options, providers=["CPUExecutionProvider"])

    def encode(ids: NDArray[np.int32]) -> Logits:
        answer: Logits = session.run(None, {"ids": ids})[0]
        return answer

    return encode
