"""Bytes that are what they are: pictures, fonts, machine code, certificates, keys. Nothing is hidden in them.

They are what nearly all base64 of honest programs holds. An archive is left to whoever unpacks; compressed streams are
not material, they are opened.
"""

import re
from typing import Final

_MAGIC: Final = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\0asm",
    b"\0\0\1\0",  # icons
    b"\0\0\2\0",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"wOFF",
    b"wOF2",
    b"OTTO",
    b"true\0",
    b"\0\1\0\0\0",  # TrueType
    b"OggS",
    b"ID3",
    b"fLaC",
    b"%PDF",
    b"PK\3\4",
    b"\x7fELF",
    b"MZ\x90",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x04\x22\x4d\x18",
    b"SQLite format 3",
    b"\0\0\0\7ssh-",
    b"\0\0\0\x0bssh-",
    b"\0\0\0\x13ecdsa",
    b"openssh-key-v1",
    b"\x1a\x45\xdf\xa3",
)
_FRAMES: Final = (b"ftyp", b"moov", b"WEBP")
_ARMOUR: Final = re.compile(
    rb"-----BEGIN [A-Z0-9 ]{3,40}-----|-----END [A-Z0-9 ]{3,40}-----|ssh-(?:rsa|ed25519|dss) AAAA"
)
_TOKEN: Final = re.compile(rb"\s*\{[^{}]{0,200}\"(?:alg|typ|kid|enc|jku)\"\s*:")
_SOURCE_MAP: Final = re.compile(rb"\s*\{.{0,400}\"(?:mappings|sourcesContent|sources)\"\s*:", re.DOTALL)
_UNIVERSAL: Final = frozenset((0x30, 0x02, 0x03, 0x04, 0x05, 0x06, 0x31, 0xA0, 0xA1))
"""Tags that may begin the content of a SEQUENCE."""


def is_material(data: bytes) -> bool:
    """True for what a program carries as it is: its form says so."""
    if data.startswith(_MAGIC) or data[4:8] in _FRAMES or data[8:12] in _FRAMES:
        return True
    return _is_der(data) or _is_descriptor(data) or _is_token_or_map(data)


def is_armoured(literal: bytes) -> bool:
    """True for a literal that is a key or certificate in PEM's or OpenSSH's armour."""
    return _ARMOUR.search(literal[:4096]) is not None


def _is_der(data: bytes) -> bool:
    """ASN.1: a SEQUENCE as long as it says, that begins with something that may stand in one."""
    if len(data) < 8 or data[0] not in (0x30, 0x31):
        return False
    if data[1] < 0x80:
        return data[1] + 2 == len(data) and data[2] in _UNIVERSAL and 2 + data[3] <= data[1]
    width = data[1] & 0x7F
    if not 1 <= width <= 4:
        return False
    length = int.from_bytes(data[2 : 2 + width])
    return data[2 + width] in _UNIVERSAL and length > 0x7F and (length + 2 + width <= len(data) + 3 or length >= 0x80)


def _is_descriptor(data: bytes) -> bool:
    """A compiled protocol buffer description: field 1 is the name of a ``.proto`` file."""
    return data[:1] == b"\n" and len(data) > 2 and data[2 : 2 + data[1]].endswith(b".proto")


def _is_token_or_map(data: bytes) -> bool:
    head = data[:640]
    return _TOKEN.match(head) is not None or _SOURCE_MAP.match(head) is not None
