"""The second stage: a small gated convolution over hashed words, trained with torch and written out as int8 ONNX.

What it is made of stands in ``encoder_network``.
"""

import io
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.stages import padded
from clearance.detect.classifier.tokens import PARTS, token_ids
from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.linear_training import INSTALL
from clearance.lab.threats.targets import Targets

if TYPE_CHECKING:
    import torch

BATCH_TOKENS = 12_000
RATE = 2e-3
HEAD_WEIGHTS = (1.0, 0.5, 0.2, 0.2, 0.3, 0.3)
"""How much each head's mistakes count."""


def train_encoder(texts: Sequence[str], taught: Targets, seed: int, epochs: int, told: Callable[[str], None]) -> bytes:
    """The trained encoder as ONNX. Raises ThreatsError without torch and onnx."""
    try:
        import torch
    except ImportError as error:
        raise ThreatsError("Training needs torch, which is not installed.", advice=INSTALL) from error
    from clearance.lab.threats.encoder_network import Encoder

    torch.manual_seed(seed)
    model = Encoder()
    ids = [token_ids(text) for text in texts]
    batches = _batches([len(row) for row in ids], seed)
    steps = len(batches) * epochs
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    order = np.random.default_rng(seed)
    began, step, running = time.monotonic(), 0, 0.0
    for _ in range(epochs):
        for number in order.permutation(len(batches)):
            batch = batches[number]
            loss = _loss(model(torch.from_numpy(padded([ids[i] for i in batch]))), torch.from_numpy(taught[batch]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step, running = step + 1, 0.98 * running + 0.02 * loss.item()
            if step % 100 == 0:
                left = (time.monotonic() - began) / step * (steps - step)
                told(f"step {step} of {steps}, loss {running / (1 - 0.98**step):.4f}, {left / 60:.0f} minutes left")
    return _as_onnx(model.eval())


def _batches(lengths: Sequence[int], seed: int) -> list[NDArray[np.intp]]:
    """Rows of like length together, about ``BATCH_TOKENS`` tokens each."""
    jitter = np.random.default_rng(seed).random(len(lengths)) * 8
    order = np.argsort(np.array(lengths) + jitter)
    batches: list[NDArray[np.intp]] = []
    start = 0
    while start < len(order):
        size = max(1, min(256, BATCH_TOKENS // max(1, lengths[order[start]])))
        batches.append(order[start : start + size])
        start += size
    return batches


def _loss(answers: "torch.Tensor", wanted: "torch.Tensor") -> "torch.Tensor":
    import torch

    known = ~torch.isnan(wanted)
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        answers, torch.where(known, wanted * 0.98 + 0.01, torch.zeros_like(wanted)), reduction="none"
    )
    weights = torch.tensor(HEAD_WEIGHTS) * known
    total: torch.Tensor = (each * weights).sum() / weights.sum().clamp(min=1)
    return total


def _as_onnx(model: "torch.nn.Module") -> bytes:
    import tempfile
    from pathlib import Path

    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    example = torch.zeros((2, 16, PARTS), dtype=torch.int32)
    example[:, :8] = 1
    written = io.BytesIO()
    torch.onnx.export(
        model, (example,), written, input_names=["ids"], output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={"ids": {0: "windows", 1: "tokens"}, "logits": {0: "windows"}},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        whole, small = Path(scratch) / "whole.onnx", Path(scratch) / "small.onnx"
        whole.write_bytes(written.getvalue())
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True})
        return small.read_bytes()
