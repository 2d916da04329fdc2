"""Identifiers that must not be mixed up."""

from typing import NewType

Digest = NewType("Digest", str)
"""SHA-256 of some bytes, 64 lower-case hex characters."""

RuleId = NewType("RuleId", str)
"""A rule's id; it reads as a claim: ``prompt-depends-on-environment``."""

FactorName = NewType("FactorName", str)
"""One thing about the environment: ``timezone``."""

LevelName = NewType("LevelName", str)
"""A value for a factor, as a person writes it: ``Asia/Shanghai``."""

RunId = NewType("RunId", str)
"""One execution in one sealed room, unique within its campaign: ``screen-017``."""
