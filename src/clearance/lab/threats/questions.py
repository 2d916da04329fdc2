"""Ordinary questions about security: half of a set fits the thresholds of the head for misuse, half judges them."""

import hashlib

from clearance.lab.threats.rows import LabelledText


def fits_thresholds(row: LabelledText) -> bool:
    """Whether a question fits thresholds, by the digest of its text; the others judge them."""
    return hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).digest()[0] % 2 == 0
