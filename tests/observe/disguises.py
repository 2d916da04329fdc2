"""Disguises for the tests of the canary search: each takes a secret in its file and gives what is sent."""

import base64
import gzip
import html
import json
import random
import zlib
from collections.abc import Callable
from urllib.parse import quote

Disguise = Callable[[bytes, random.Random], bytes]


def xored(data: bytes, rng: random.Random) -> bytes:
    key = rng.randrange(1, 256)
    return bytes(octet ^ key for octet in data)


def raw_deflate(data: bytes, rng: random.Random) -> bytes:
    coder = zlib.compressobj(6, zlib.DEFLATED, -15)
    return coder.compress(data * 2 + bytes(rng.randrange(256) for _ in range(80))) + coder.flush()


def wrapped(text: bytes, width: int) -> bytes:
    return b"\n".join(text[i : i + width] for i in range(0, len(text), width))


def partly_percent(data: bytes, rng: random.Random) -> bytes:
    return "".join(f"%{o:02X}" if rng.random() < 0.5 or not chr(o).isalnum() else chr(o) for o in data).encode()


DISGUISES: dict[str, Disguise] = {
    "plain": lambda d, r: d,
    "upper case": lambda d, r: d.upper(),
    "lower case": lambda d, r: d.lower(),
    "reversed": lambda d, r: d[::-1],
    "base64": lambda d, r: base64.b64encode(d),
    "base64 without padding": lambda d, r: base64.b64encode(d).rstrip(b"="),
    "base64 URL-safe": lambda d, r: base64.urlsafe_b64encode(d),
    "base64 reversed": lambda d, r: base64.b64encode(d)[::-1],
    "base64 of reversed": lambda d, r: base64.b64encode(d[::-1]),
    "base64 wrapped": lambda d, r: wrapped(base64.b64encode(d), 76),
    "base64 wrapped in JSON": lambda d, r: json.dumps(wrapped(base64.b64encode(d), 64).decode()).encode(),
    "base64 of base64": lambda d, r: base64.b64encode(base64.b64encode(d)),
    "base64 of upper case": lambda d, r: base64.b64encode(d.upper()),
    "base32": lambda d, r: base64.b32encode(d),
    "base32 lower case": lambda d, r: base64.b32encode(d).lower().rstrip(b"="),
    "base85": lambda d, r: base64.b85encode(d),
    "hex": lambda d, r: d.hex().encode(),
    "hex upper case": lambda d, r: d.hex().upper().encode(),
    "hex with colons": lambda d, r: d.hex(":").encode(),
    "hex with 0x": lambda d, r: ", ".join(f"0x{o:02x}" for o in d).encode(),
    "hex of reversed": lambda d, r: d[::-1].hex().encode(),
    "decimal bytes": lambda d, r: json.dumps(list(d)).encode(),
    "URL encoding": lambda d, r: quote(d, safe="").encode(),
    "URL encoding, partial": partly_percent,
    "URL encoding of base64": lambda d, r: quote(base64.b64encode(d), safe="").encode(),
    "backslash x": lambda d, r: "".join(f"\\x{o:02x}" for o in d).encode(),
    "JSON escapes": lambda d, r: "".join(f"\\u{o:04x}" for o in d).encode(),
    "HTML entities": lambda d, r: "".join(f"&#{o};" for o in d).encode(),
    "HTML escape": lambda d, r: html.escape(d.decode()).encode(),
    "gzip": lambda d, r: gzip.compress(d, mtime=0),
    "zlib": lambda d, r: zlib.compress(d, r.choice((1, 6, 9))),
    "deflate": raw_deflate,
    "base64 of gzip": lambda d, r: base64.b64encode(gzip.compress(d, mtime=0)),
    "base64 URL-safe of zlib": lambda d, r: base64.urlsafe_b64encode(zlib.compress(d)),
    "hex of gzip": lambda d, r: gzip.compress(d, mtime=0).hex().encode(),
    "base32 of gzip": lambda d, r: base64.b32encode(gzip.compress(d, mtime=0)),
    "gzip of base64": lambda d, r: gzip.compress(base64.b64encode(d), mtime=0),
    "XOR": xored,
    "hex of XOR": lambda d, r: xored(d, r).hex().encode(),
    "base64 of XOR": lambda d, r: base64.b64encode(xored(d, r)),
    "XOR in JSON": lambda d, r: json.dumps(xored(d, r).decode("latin-1")).encode(),
    "XOR in UTF-8": lambda d, r: bytes(o ^ 0xA5 for o in d).decode("latin-1").encode(),
    "base64 of XOR of gzip": lambda d, r: base64.b64encode(xored(gzip.compress(d, mtime=0), r)),
    "ROT13": lambda d, r: d.decode().translate(str.maketrans(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm",
    )).encode(),
    "spaced out": lambda d, r: b" ".join(d[i : i + 1] for i in range(len(d))),
    "dashes": lambda d, r: b"-".join(d[i : i + 4] for i in range(0, len(d), 4)),
    "UTF-16": lambda d, r: d.decode().encode("utf-16-le"),
    "DNS labels": lambda d, r: b".".join(d.hex().encode()[i : i + 60] for i in range(0, 2 * len(d), 60)) + b".example.com",
}  # fmt: skip
