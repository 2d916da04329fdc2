"""Exact tests by permutation, and how many runs they need.

For a yes/no outcome the permutation distribution of the difference between two groups is hypergeometric, so the exact
permutation test is Fisher's (Fisher 1935, *The Design of Experiments*): no sampling, no approximation.
"""

from collections.abc import Sequence
from math import comb

FAMILY_WISE_ERROR = 0.01
"""Probability, at most, that any confirmed hit of a campaign is an accident."""

FIRST_LOOK, SECOND_LOOK, STATED = 0.6 * FAMILY_WISE_ERROR, 0.2 * FAMILY_WISE_ERROR, 0.2 * FAMILY_WISE_ERROR
"""How it is shared out: confirming runs, new runs for what they left undecided, and statements."""


def exact_p(shown_with: int, with_trigger: int, shown_without: int, without_trigger: int) -> float:
    """One-sided exact permutation p-value that the outcome is more frequent with the trigger.

    Args:
        shown_with: runs with the trigger that show the outcome, of ``with_trigger``.
        shown_without: runs without it that show the outcome, of ``without_trigger``.
    """
    total, shown = with_trigger + without_trigger, shown_with + shown_without
    most = min(shown, with_trigger)
    ways = sum(comb(shown, k) * comb(total - shown, with_trigger - k) for k in range(shown_with, most + 1))
    return ways / comb(total, with_trigger)


def smallest_p(with_trigger: int, without_trigger: int) -> float:
    """The p-value of complete separation: no test on so few runs can say more."""
    return 1 / comb(with_trigger + without_trigger, with_trigger)


def runs_needed(tests: int, triggers: int, *, error: float = FAMILY_WISE_ERROR, even: bool = False) -> tuple[int, int]:
    """``(with, without)``: the cheapest group sizes whose complete separation is below ``error / tests``.

    ``triggers`` groups with a trigger share one group without; ``even``: both groups of the same size.
    """
    bound = error / max(tests, 1)
    best: tuple[int, int, int] | None = None
    for with_trigger in range(3, 13):
        for without in range(with_trigger, with_trigger + 1 if even else 33):
            if smallest_p(with_trigger, without) <= bound:
                cost = triggers * with_trigger + without
                if best is None or cost < best[0]:
                    best = (cost, with_trigger, without)
                break
    if best is None:
        return 12, 12 if even else 32
    return best[1], best[2]


def holm(p_values: Sequence[float], *, error: float = FAMILY_WISE_ERROR) -> tuple[bool, ...]:
    """Which hypotheses are rejected with family-wise error at most ``error`` (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    rejected = [False] * len(p_values)
    for rank, index in enumerate(order):
        if p_values[index] > error / (len(p_values) - rank):
            break
        rejected[index] = True
    return tuple(rejected)
