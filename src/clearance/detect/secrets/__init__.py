"""Secrets in text: credentials, private keys, tokens, numbers of cards and persons; found, and never shown."""

from clearance.detect.secrets.covering import Cover
from clearance.detect.secrets.formats import providers
from clearance.detect.secrets.judge import MOST_HITS, MOST_MATCHES, RULE, SecretJudge, masked, readers
from clearance.detect.secrets.seen import SeenSecret

__all__ = [
    "MOST_HITS",
    "MOST_MATCHES",
    "RULE",
    "Cover",
    "SecretJudge",
    "SeenSecret",
    "masked",
    "providers",
    "readers",
]
