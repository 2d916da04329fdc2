"""The word for a CVSS 3 vector: its base score by the specification's formula (section 7.1), put into its bands."""

import math
from typing import Final

_IMPACT: Final = {"N": 0.0, "L": 0.22, "H": 0.56}
_WEIGHTS: Final = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": _IMPACT,
    "I": _IMPACT,
    "A": _IMPACT,
}
_PRIVILEGES: Final = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}
_BANDS: Final = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"))


def severity_of(vector: str) -> str:
    """``CRITICAL``, ``HIGH``, ``MEDIUM``, ``LOW`` or ``NONE``; empty for a vector of another version, or no vector."""
    score = base_score(vector)
    if score is None:
        return ""
    return next((word for least, word in _BANDS if score >= least), "NONE")


def base_score(vector: str) -> float | None:
    """0 to 10 with one decimal; None for what is no vector of CVSS 3."""
    if not vector.startswith("CVSS:3"):
        return None
    given = dict(part.split(":", 1) for part in vector.split("/")[1:] if ":" in part)
    scope = given.get("S", "")
    try:
        weight = {metric: table[given[metric]] for metric, table in _WEIGHTS.items()}
        privileges = _PRIVILEGES[scope][given["PR"]]
    except KeyError:
        return None
    hit = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (hit - 0.029) - 3.25 * (hit - 0.02) ** 15 if scope == "C" else 6.42 * hit
    if impact <= 0:
        return 0.0
    exploit = 8.22 * weight["AV"] * weight["AC"] * privileges * weight["UI"]
    return _rounded_up(min((impact + exploit) * (1.08 if scope == "C" else 1.0), 10.0))


def _rounded_up(score: float) -> float:
    """To one decimal, upwards, free of what binary fractions add (appendix A)."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10
