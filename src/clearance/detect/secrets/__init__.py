"""Secrets in text: credentials of providers, private keys, tokens, payment and personal numbers; found, never shown."""

from clearance.detect.secrets.formats import providers
from clearance.detect.secrets.judge import MOST_HITS, MOST_MATCHES, RULE, SecretJudge, masked, readers
from clearance.detect.secrets.seen import SeenSecret

__all__ = ["MOST_HITS", "MOST_MATCHES", "RULE", "SecretJudge", "SeenSecret", "masked", "providers", "readers"]
