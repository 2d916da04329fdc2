"""Ways to write bytes so that nobody reads them, for tests that must find them again; names and keys are made up."""

import base64
import bz2
import gzip
import json
import lzma
import random
import zlib
from collections.abc import Callable

import brotli
import zstandard

Change = Callable[[bytes], bytes]

SYLLABLES = "ba ko ri den mar tul vas pen lor sil gan hem jod kur net pol rus tam wil zer".split()
TOPS = "com net org io dev cn ru de jp co.uk app fr com.br kr in".split()
ZONES = "Asia/Tokyo Europe/Berlin America/New_York Africa/Cairo Asia/Kolkata Pacific/Auckland Asia/Dubai Europe/Kyiv".split()
WORDS = "amber birch cedar dune ember fjord grove harbor island juniper kettle lagoon meadow nectar orchard".split()


def names(rng: random.Random, many: int) -> list[str]:
    """Made-up host names."""
    found = []
    for _ in range(many):
        label = "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3))))
        found.append(rng.choice(("", "api.", "cdn-")) + label + "." + rng.choice(TOPS))
    return found


def xor(key: bytes) -> Change:
    return lambda data: bytes(octet ^ key[at % len(key)] for at, octet in enumerate(data))


def add(number: int) -> Change:
    return lambda data: bytes((octet + number) & 255 for octet in data)


def counting(key: int, step: int) -> Change:
    return lambda data: bytes(octet ^ ((key + step * at) & 255) for at, octet in enumerate(data))


def rolled(bits: int) -> Change:
    return lambda data: bytes((octet << bits | octet >> (8 - bits)) & 255 for octet in data)


def caesar(number: int) -> Change:
    def turn(octet: int) -> int:
        for first in (65, 97):
            if first <= octet < first + 26:
                return first + (octet - first + number) % 26
        return octet

    return lambda data: bytes(map(turn, data))


def atbash(data: bytes) -> bytes:
    return bytes(219 - o if 97 <= o < 123 else 155 - o if 65 <= o < 91 else o for o in data)


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def rc4(key: bytes) -> Change:
    def change(data: bytes) -> bytes:
        state, j = list(range(256)), 0
        for i in range(256):
            j = (j + state[i] + key[i % len(key)]) % 256
            state[i], state[j] = state[j], state[i]
        i, j, out = 0, 0, bytearray()
        for octet in data:
            i = (i + 1) % 256
            j = (j + state[i]) % 256
            state[i], state[j] = state[j], state[i]
            out.append(octet ^ state[(state[i] + state[j]) % 256])
        return bytes(out)

    return change


KEYS: dict[str, Change] = {
    "xor": xor(b"\xa7"),
    "xor low": xor(b"\x05"),
    "xor all": xor(b"\xff"),
    "add": add(77),
    "rolled": rolled(3),
    "xor 3": xor(b"\x9c\x21\x4e"),
    "xor 5": xor(b"pLum5"),
    "counting": counting(200, 7),
    "place": counting(31, 1),
}
STREAMS: dict[str, Change] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "deflate": deflate,
    "brotli": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
TEXTS: dict[str, Change] = {
    "base64": base64.b64encode,
    "base64 url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 swapped": lambda data: base64.b64encode(data).swapcase(),
    "base64 reversed": lambda data: base64.b64encode(data)[::-1],
    "base64 rotated": lambda data: caesar(13)(base64.b64encode(data)),
    "base32": base64.b32encode,
    "base85": base64.b85encode,
    "ascii85": base64.a85encode,
    "hex": lambda data: data.hex().encode(),
    "hex upper": lambda data: data.hex().upper().encode(),
    "percent": lambda data: "".join(f"%{octet:02x}" for octet in data).encode(),
    "entities": lambda data: "".join(f"&#{octet};" for octet in data).encode(),
    "decimals": lambda data: ",".join(map(str, data)).encode(),
}


def escaped(data: bytes) -> str:
    """A literal in quotes, bytes that are not printable as ``\\x..``."""
    return '"' + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\x{o:02x}" for o in data) + '"'


def literal(data: bytes) -> str:
    """A literal in quotes, as a program would write it."""
    try:
        return json.dumps(data.decode(), ensure_ascii=False)
    except UnicodeDecodeError:
        return escaped(data)
