"""The first stage: logistic regression over hashed n-grams, one for each head."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.features import BUCKETS, buckets
from clearance.detect.classifier.heads import HEADS
from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.targets import Targets

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EPOCHS = 6
PENALTY = 1e-6
INSTALL = "Install what training needs: `uv sync --group train`, or `pip install scikit-learn torch onnx`."


def train_linear(texts: Sequence[str], taught: Targets, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (buckets, heads) and intercepts (heads). Raises ThreatsError without scikit-learn."""
    try:
        from sklearn.linear_model import SGDClassifier
    except ImportError as error:
        raise ThreatsError("Training needs scikit-learn, which is not installed.", advice=INSTALL) from error
    table = matrix(texts)
    weights = np.zeros((BUCKETS, len(HEADS)), dtype=np.float32)
    intercepts = np.zeros(len(HEADS), dtype=np.float32)
    for at, head in enumerate(HEADS):
        known = np.flatnonzero(~np.isnan(taught[:, at]))
        values = taught[known, at] > 0
        if values.all() or not values.any():
            raise ThreatsError(f"Nothing teaches {head}: all rows are alike.", advice="Name data of both kinds.")
        model = SGDClassifier(
            loss="log_loss", alpha=PENALTY, max_iter=EPOCHS, tol=None, average=True, random_state=seed
        ).fit(table[known], values)
        weights[:, at], intercepts[at] = model.coef_[0], model.intercept_[0]
    return weights, intercepts


def matrix(texts: Iterable[str]) -> "csr_matrix":
    """One row a text: its buckets, with the length 1."""
    from scipy.sparse import csr_matrix

    rows = [buckets(text) for text in texts]
    lengths = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    return csr_matrix((values, np.concatenate(rows), np.concatenate(([0], np.cumsum(lengths)))), (len(rows), BUCKETS))
