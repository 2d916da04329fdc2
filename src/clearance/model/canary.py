"""A canary: a unique fake secret that lies where assistants and thieves look, and should never leave."""

import enum
from typing import NewType

import msgspec

CanaryId = NewType("CanaryId", str)
"""Reads as a place: ``ssh-private-key``, ``env-github-token``."""


class Sensitivity(enum.StrEnum):
    """What it would mean if the real thing had left."""

    SECRET = "secret"  # noqa: S105 a level, not a password
    """It opens something: a key, a password, a token, a session."""
    PERSONAL = "personal"
    """It tells who works here, or for whom: a customer's name, a line of shell history."""
    IDENTIFIER = "identifier"
    """It names something without opening it: an access key's id."""


class Canary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One planted value."""

    id: CanaryId
    kind: str
    """What it looks like: ``ssh key``, ``cloud credential``, ``shell history`` …"""
    token: str
    """The unique string that is searched for: printable ASCII without spaces, at least 16 letters and digits."""
    place: str
    """Where it lies: ``~/.aws/credentials``, ``{project}/.env``, or ``$GITHUB_TOKEN`` for a variable."""
    sensitivity: Sensitivity = Sensitivity.SECRET

    def __post_init__(self) -> None:
        """Refuse a token that could be met by chance, or that cannot be searched for."""
        visible = self.token.isascii() and self.token.isprintable() and " " not in self.token
        if not visible or sum(map(str.isalnum, self.token)) < 16:
            raise ValueError(f"{self.id}: a token needs 16 ASCII letters and digits and no white space")


class Sighting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A canary in something that left."""

    canary: CanaryId
    disguise: tuple[str, ...]
    """Layers from the outside in: ``("base64", "gzip")`` is a compressed file in base64. ``("plain",)``: none."""
    place: str
    """Where it was, as the caller names it; where it began, when it was split over several."""
    offset: int
    """Byte of that place where it begins; for something decoded, where the coded part begins."""
    excerpt: str
    """The match as it was sent, with most of it left out."""
    expected: bool = False
    """True when the script had the assistant read the file it lies in, so that sending it is no leak."""
