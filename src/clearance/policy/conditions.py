"""Conditions: what must hold for a use, as words that a person signs.

1. A *duty* is a word that whoever enforces the answer can see to (``gate``). Not known whether it holds: a condition of
   the answer.
2. ``vet:…`` is shown by a vetting, ``x-…`` by whoever the company says. Not known whether it holds: ask.
3. ``ask`` never holds by itself.
"""

import enum
import re
from dataclasses import dataclass
from difflib import get_close_matches

from clearance.policy.errors import PolicyError

DUTIES = {
    "gate": "traffic goes through the company's gate",
    "managed-settings": "the administrator's settings are in force on the device",
    "sandbox": "the assistant's own sandbox is on",
    "no-bypass-mode": "the mode that asks nothing is switched off",
    "zero-retention": "the provider keeps nothing",
    "accepts-retention": "somebody accepted that the provider keeps traffic",
    "accepts-classifiers": "somebody accepted that the provider's classifiers look at traffic",
    "audit-log": "every session is logged",
    "own-credentials": "every user signs in with their own credentials",
    "reviewed-output": "a person reviews what is merged",
}
"""The duties and what each asks for."""

_VET = re.compile(
    r"vet:(verdict clear|no gap|no (?:covert |canary |)hit(?: at or above (?:low|medium|high|critical))?)"
)
_OWN = re.compile(r"x-[a-z0-9]+(?:-[a-z0-9]+)*")


class ConditionKind(enum.StrEnum):
    """Who can say whether it holds."""

    DUTY = "duty"
    VET = "vet"
    OWN = "own"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition, read."""

    text: str
    kind: ConditionKind


def read_condition(text: str) -> Condition:
    """The condition of that text. Raises PolicyError when nobody would know what it asks for."""
    if text == "ask":
        return Condition(text=text, kind=ConditionKind.ASK)
    if text in DUTIES:
        return Condition(text=text, kind=ConditionKind.DUTY)
    if _VET.fullmatch(text):
        return Condition(text=text, kind=ConditionKind.VET)
    if _OWN.fullmatch(text):
        return Condition(text=text, kind=ConditionKind.OWN)
    near = get_close_matches(text, [*DUTIES, "vet:no covert hit", "vet:no hit", "vet:verdict clear"], n=2, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise PolicyError(
        f"Nobody can tell what the condition {text!r} asks for.",
        advice=f"{meant}Known: {', '.join(DUTIES)}, ask, vet:no covert hit, vet:no hit at or above high, "
        "vet:verdict clear, vet:no gap; words of your own begin with x-.",
    )
