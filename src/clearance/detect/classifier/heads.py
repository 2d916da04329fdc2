"""What the models answer, each with a number of its own."""

import enum
from typing import Final


class Head(enum.StrEnum):
    """One question about a window. Answers are logits until they are calibrated."""

    THREAT = "threat"
    """Does it give an assistant orders, or try to talk it out of its rules: injection or jailbreak, by the channel."""
    MISUSE = "misuse"
    """Does it ask for what only harms others: the tier ``prohibited``."""
    HIGH_RISK = "high-risk"
    LOW_RISK = "low-risk"
    EXFILTRATION = "exfiltration"
    """Does it want data to go to somebody."""
    QUOTED = "quoted"
    """Is an attack only shown: documentation, a test, a report."""


HEADS: Final = tuple(Head)
"""In the order in which models give their answers."""
