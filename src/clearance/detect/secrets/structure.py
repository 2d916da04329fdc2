"""What a token's own structure says: check digits, what is encoded in it, what stands around it.

A check answers HIGH (it is whole), MEDIUM (nothing speaks against it), LOW (its check digits are wrong: mistyped or
made up), or None (not such a token).
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from clearance.detect.secrets.chance import hexadecimal
from clearance.model.finding import Confidence

Check = Callable[[bytes, int, int], Confidence | None]
BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_ACCOUNTS: Final = 10**12


def base62_checksum(body: bytes) -> bytes:
    """CRC-32 in six base62 digits, as GitHub's and npm's tokens end (github.blog, April 2021)."""
    number, digits = zlib.crc32(body), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.encode()


def crc32_base62(text: bytes, start: int, end: int) -> Confidence:
    """The last six characters are the checksum of those between the prefix and them."""
    body = text[start:end].partition(b"_")[2]
    return Confidence.HIGH if body[-6:] == base62_checksum(body[:-6]) else Confidence.LOW


def aws_account(text: bytes, start: int, end: int) -> Confidence:
    """The account number in bits 1 to 40 of the base32 part has twelve digits."""
    try:
        raw = base64.b32decode(text[start + 4 : end])
    except binascii.Error:
        return Confidence.LOW
    account = (int.from_bytes(raw[:6], "big") & 0x7FFFFFFFFF80) >> 7
    return Confidence.MEDIUM if account < _ACCOUNTS else Confidence.LOW


def macaroon(text: bytes, start: int, end: int) -> Confidence:
    """A macaroon of version 2 up to its signature of 32 bytes."""
    data = unbase64(text[start:end].partition(b"-")[2])
    if data[:1] != b"\x02":
        return Confidence.LOW
    at, kind = 1, 0
    for _ in range(64):
        kind = data[at] if at < len(data) else -1
        if kind == 0:
            at += 1
            continue
        if kind < 0 or at + 1 >= len(data):
            return Confidence.LOW
        size, at = data[at + 1], at + 2
        if size & 0x80 and at < len(data):
            size, at = (size & 0x7F) | data[at] << 7, at + 1
        at += size
        if kind == 6:
            return Confidence.HIGH if size == 32 and at == len(data) else Confidence.LOW
    return Confidence.LOW


def bech32(text: bytes, start: int, end: int) -> Confidence:
    """The six characters at the end check the rest (BIP 173)."""
    prefix, _, data = text[start:end].decode("ascii", "replace").lower().rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    values += [_BECH32.find(c) for c in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return Confidence.HIGH if check == 1 else Confidence.LOW


def discord(text: bytes, start: int, end: int) -> Confidence | None:
    """Its first part is a user's number in base64."""
    number = unbase64(text[start:end].partition(b".")[0])
    return Confidence.HIGH if number.isdigit() and 17 <= len(number) <= 20 else None


def mixed(text: bytes, start: int, end: int) -> Confidence | None:
    """Letters and digits behind the prefix; a name is not a token."""
    body = re.split(rb"[_.:\-]", text[start:end], maxsplit=1)[-1]
    digits = sum(48 <= b <= 57 for b in body)
    return Confidence.MEDIUM if 1 <= digits < len(body) else None


def mixed_not_hex(text: bytes, start: int, end: int) -> Confidence | None:
    """Mixed, and more than hex: another provider's tokens begin alike and are hex."""
    return None if hexadecimal(text[start:end].rpartition(b"_")[2]) else mixed(text, start, end)


def freemius(text: bytes, start: int, _end: int) -> Confidence | None:
    """It stands where the SDK's snippet has it."""
    return Confidence.MEDIUM if _FREEMIUS.search(text, max(0, start - 40), start) else None


def jwt_header(part: bytes) -> Mapping[str, object]:
    """The JSON object in a part of a JWT; empty if there is none."""
    try:
        found = json.loads(unbase64(part[:8192]))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def unbase64(value: bytes) -> bytes:
    """Decoded from base64 of either alphabet, padded or not; nothing where it is none."""
    try:
        return base64.b64decode(
            value.rstrip(b"=").translate(_STANDARD) + b"=" * (-len(value.rstrip(b"=")) % 4), validate=True
        )
    except binascii.Error:
        return b""


_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_FREEMIUS: Final = re.compile(rb"secret_key[\"'][ \t]{0,8}=>[ \t]{0,8}[\"']\Z")
CHECKS: Final[Mapping[str, Check]] = {
    "crc32-base62": crc32_base62,
    "aws-account": aws_account,
    "macaroon": macaroon,
    "bech32": bech32,
    "discord": discord,
    "mixed": mixed,
    "mixed-not-hex": mixed_not_hex,
    "freemius": freemius,
}
