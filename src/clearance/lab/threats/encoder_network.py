"""The network of the second stage, for torch, which only training imports.

Each token is the sum of three hashed embeddings; four blocks see 61 tokens around it; the window is the largest and the
attended value of each channel. 4.7 million numbers, all but 0.5 million of them embeddings; 0.5 million
multiplications a token.
"""

import torch
from torch import nn

from clearance.detect.classifier.heads import HEADS
from clearance.detect.classifier.tokens import TOKEN_BUCKETS

EMBEDDING, WIDTH, DILATIONS, KERNEL = 64, 192, (1, 2, 4, 8), 5


class Block(nn.Module):
    """A dilated depthwise convolution, then a gated linear unit, added to what came in."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.near = nn.Conv1d(WIDTH, WIDTH, KERNEL, padding=dilation * (KERNEL // 2), dilation=dilation, groups=WIDTH)
        self.mix = nn.Linear(WIDTH, 2 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """(windows, tokens, width) to the same; ``there`` is 0 where a window has ended."""
        seen = self.near((self.norm(x) * there).transpose(1, 2)).transpose(1, 2)
        left, right = self.mix(seen).chunk(2, dim=-1)
        return x + self.drop(self.out(left * torch.sigmoid(right)))


class Encoder(nn.Module):
    """Hashed words to one logit a head."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(TOKEN_BUCKETS, EMBEDDING, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.widen = nn.Linear(EMBEDDING, WIDTH)
        self.blocks = nn.ModuleList(Block(dilation) for dilation in DILATIONS)
        self.norm = nn.LayerNorm(WIDTH)
        self.attend = nn.Linear(WIDTH, 1)
        self.answer = nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * WIDTH, len(HEADS)))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(windows, tokens, parts) bucket numbers to (windows, heads) logits."""
        there = (ids[:, :, :1] > 0).to(torch.float32)
        x = self.widen(self.embedding(ids).sum(2)) * there
        for block in self.blocks:
            x = block(x, there)
        x = self.norm(x)
        nowhere = (there - 1) * 1e4
        largest = (x + nowhere).max(1).values
        share = torch.softmax(self.attend(x) + nowhere, 1)
        return self.answer(torch.cat([largest, (x * share).sum(1)], -1))
