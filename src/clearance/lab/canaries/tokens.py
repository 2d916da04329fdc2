"""The campaign's canaries: which there are, and their unique values, derived from a seed and a secret salt.

The shapes are those of the real things (prefix, length, alphabet), so that a collector takes them for real; none of
them opens anything.
"""

import hashlib
import hmac
import string
from dataclasses import dataclass
from importlib.resources import files

import msgspec

from clearance.lab.canaries.keys import key_excerpt, openssh_private_key
from clearance.model.canary import Canary, CanaryId, Sensitivity

_ALNUM = string.ascii_letters + string.digits
_ALPHABETS = {
    "alnum": _ALNUM,
    "base32": string.ascii_uppercase + "234567",
    "base58": "".join(c for c in _ALNUM if c not in "0OIl"),
    "base64": _ALNUM + "+/",
    "base64url": _ALNUM + "-_",
    "hex": "0123456789abcdef",
}
_SYLLABLES = ("bra", "dol", "fen", "gar", "hul", "jor", "kes", "lum", "mir", "nov", "pel", "quo", "ras", "siv", "tor")

SSH_KEY = CanaryId("ssh-private-key")


class _Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``canaries.toml``."""

    id: str
    kind: str
    place: str
    sensitivity: Sensitivity
    alphabet: str
    length: int
    prefix: str = ""

    def draw(self, key: bytes, suffix: str) -> Canary:
        label = self.id + suffix
        return Canary(
            id=CanaryId(label),
            kind=self.kind,
            token=self.prefix + self._letters(key, label),
            place=self.place,
            sensitivity=self.sensitivity,
        )

    def _letters(self, key: bytes, label: str) -> str:
        if self.alphabet == "ssh-key":
            return key_excerpt(openssh_private_key(octets(key, label, self.length), comment=""))
        if self.alphabet == "syllables":
            drawn = octets(key, label, self.length)
            return "".join(_SYLLABLES[octet % len(_SYLLABLES)] for octet in drawn).capitalize()
        alphabet, raw = _ALPHABETS[self.alphabet], octets(key, label, 2 * self.length)
        # two bytes a letter, so that no letter is favoured noticeably
        pairs = (int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2))
        return "".join(alphabet[pair % len(alphabet)] for pair in pairs)


class _Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``canaries.toml``."""

    planted: tuple[_Shape, ...]
    vendor_keys: tuple[_Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySet:
    """All canaries of a campaign: those planted, the same with other values, and the other vendors' keys."""

    planted: tuple[Canary, ...]
    other: tuple[Canary, ...]
    """The level ``other values`` of the factor ``canary``: same places, other tokens; ids end in ``.other``."""
    vendor_keys: tuple[Canary, ...]
    """Each in a variable that ``credentials_env`` sets."""
    ssh_seeds: tuple[bytes, bytes]
    """What the SSH keys of ``planted`` and ``other`` are made of."""

    def everything(self) -> tuple[Canary, ...]:
        """What the search looks for."""
        return (*self.planted, *self.other, *self.vendor_keys)


def draw_canaries(*, seed: int, salt: bytes) -> CanarySet:
    """The canaries of the campaign with this seed. Without the salt nobody can foretell them.

    Args:
        seed: The campaign's seed.
        salt: A secret of at least 16 bytes that stays with whoever keeps the campaign.

    Raises:
        ValueError: the salt is too short to be a secret.
    """
    if len(salt) < 16:
        raise ValueError("a salt needs at least 16 bytes")
    text = files("clearance.lab.canaries").joinpath("canaries.toml").read_bytes()
    catalogue = msgspec.toml.decode(text, type=_Catalogue)
    key = hmac.digest(salt, f"canaries {seed}".encode(), hashlib.sha256)
    return CanarySet(
        planted=tuple(shape.draw(key, "") for shape in catalogue.planted),
        other=tuple(shape.draw(key, ".other") for shape in catalogue.planted),
        vendor_keys=tuple(shape.draw(key, "") for shape in catalogue.vendor_keys),
        ssh_seeds=(octets(key, SSH_KEY, 32), octets(key, f"{SSH_KEY}.other", 32)),
    )


def octets(key: bytes, label: str, count: int) -> bytes:
    """``count`` bytes that only the holder of ``key`` can foretell: HMAC-SHA256 in counter mode."""
    blocks = (f"{label}#{number}".encode() for number in range(count // 32 + 1))
    return b"".join(hmac.digest(key, block, hashlib.sha256) for block in blocks)[:count]
