"""What each row teaches each head: 1, 0, or nothing."""

import numpy as np
from numpy.typing import NDArray

from clearance.detect.classifier.heads import HEADS, Head
from clearance.lab.threats.rows import Label, LabelledText
from clearance.model.threat import MisuseTier

Targets = NDArray[np.float32]
"""(rows, heads): 1, 0, or NaN where a row says nothing of a head."""

_ATTACKS = (Label.INJECTION, Label.JAILBREAK)
_TIERS = {
    Head.MISUSE: MisuseTier.PROHIBITED,
    Head.HIGH_RISK: MisuseTier.HIGH_RISK_DUAL_USE,
    Head.LOW_RISK: MisuseTier.LOW_RISK_DUAL_USE,
}


def targets(rows: list[LabelledText]) -> Targets:
    """The table of what each row teaches."""
    table = np.full((len(rows), len(HEADS)), np.nan, dtype=np.float32)
    for number, row in enumerate(rows):
        for at, head in enumerate(HEADS):
            taught = _taught(row, head)
            if taught is not None:
                table[number, at] = taught
    return table


def only_requests(table: Targets) -> Targets:
    """The table without what the rows teach other heads than those for the tiers of requests."""
    narrowed = np.full_like(table, np.nan)
    columns = [at for at, head in enumerate(HEADS) if head in _TIERS]
    narrowed[:, columns] = table[:, columns]
    return narrowed


def _taught(row: LabelledText, head: Head) -> bool | None:
    attack = row.label in _ATTACKS
    match head:
        case Head.THREAT:
            return None if row.label is Label.MISUSE else attack
        case Head.EXFILTRATION:
            return row.exfiltrates if row.exfiltrates or not attack or row.family == "generated" else None
        case Head.QUOTED:
            return row.quoted
        case _:
            if row.label is Label.MISUSE or row.tier is not None:
                return row.tier is _TIERS[head]
            return None if attack else False
