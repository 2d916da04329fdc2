"""Programs that encode and decode, and what stands under a code."""

import base64
import binascii
import bz2
import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import MOST_TEXT, UNKNOWN, Origin, Value, carried, joined
from clearance.model.command import SourceKind

_BASE64: Final = re.compile(r"^[A-Za-z0-9+/=_\s-]{8,}$")


def encoder(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Recodes files or what comes in; decoding what is written in the command gives its text, marked as encoded."""
    words = sort_words(tool, action)
    if action.program == "openssl" and any(w.text == "s_client" for w in action.words):
        scene.send(replace(action.stdin, text=""), joined(words.values(("-connect",)), " "), "openssl", always=True)
        return UNKNOWN
    decodes = action.program in _DECODERS or (
        action.program not in _ENCODERS
        and any(
            re.fullmatch(r"-{1,2}(?:d|D|di|decode|r|rp|pr|r-p|d[a-z]*|[a-z]*r|decompress|base64-decode)", w.text)
            for w in action.words
        )
    )
    files = [w for w in words.rest if w.text not in ("-", "enc", "base64")]
    values = [scene.read(w) for w in files] + words.values(tool.sends)
    value = joined([*values, action.stdin]) if values else action.stdin
    if not decodes:
        out = carried((value,)).after(tool.step or action.program)
        if value.known and value.text and tool.step in _ENCODES:
            return replace(out, text=_ENCODES[tool.step](value.text.encode()), known=True)
        for path in words.values(tool.saves):
            scene.write(path, out)
        return out
    # What base64 gave was unpacked with it, so that here it is plain already.
    text = value.text or None if tool.step == "compressed" else decoded(value.text, tool.step) if value.text else None
    if action.stdin.known and action.stdin.text.strip():
        scene.decode(action.line)
    origins = value.origins | {Origin(SourceKind.ENCODED, (value.text or "what it decodes").strip()[:80])}
    out = Value(text or "", text is not None and value.known, origins, value.steps)
    for path in words.values(tool.saves):
        scene.write(path, out)
    return out


_ENCODERS: Final = frozenset({"b64encode", "uuencode"})
_ENCODES: Final[dict[str, Callable[[bytes], str]]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "hex": bytes.hex,
}
_DECODERS: Final = frozenset(
    {"gunzip", "zcat", "bunzip2", "bzcat", "unxz", "xzcat", "b64decode", "uudecode", "zstdcat", "unlzma"}
)


def decoded(text: str, how: str) -> str | None:
    """The text under base64, hexadecimal digits, base32 or URL escapes, unpacked; None when it is none."""
    squeezed = "".join(text.split())
    for name, decode in _DECODES.items():
        if how and name != how and not (how == "openssl" and name == "base64"):
            continue
        try:
            data = decode(squeezed)
        except (ValueError, binascii.Error):
            continue
        if (found := _text_of(data)) is not None:
            return found[:MOST_TEXT]
    return None


def _from_base64(text: str) -> bytes:
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


_DECODES: Final[dict[str, Callable[[str], bytes]]] = {
    "base64": _from_base64,
    "hex": lambda t: bytes.fromhex(re.sub(r"\\x|0x|[,:\s]", "", t)),
    "base32": base64.b32decode,
    "url": lambda t: unquote(t).encode(),
}


def _text_of(data: bytes) -> str | None:
    """Bytes as text: unpacked, UTF-16 or UTF-8; None when it is not text."""
    for magic, unpack in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\x78\x9c", zlib.decompress)):
        if data.startswith(magic) and len(data) <= MOST_TEXT:
            try:
                data = _bounded(unpack, data)
            except (OSError, EOFError, ValueError, zlib.error):
                return None
    if len(data) >= 4 and data[1::2].count(0) * 2 > len(data[1::2]):
        return data.decode("utf-16-le", "replace")
    text = data.decode("utf-8", "replace")
    return text if text and sum(c.isprintable() or c.isspace() for c in text) >= 0.85 * len(text) else None


def _bounded(unpack: object, data: bytes) -> bytes:
    """At most ``MOST_TEXT`` bytes of what is packed: archives that grow without end are cut."""
    if unpack is gzip.decompress:
        return zlib.decompressobj(31).decompress(data, MOST_TEXT)
    if unpack is bz2.decompress:
        return bz2.BZ2Decompressor().decompress(data, MOST_TEXT)
    return zlib.decompressobj().decompress(data, MOST_TEXT)


def looks_encoded(text: str) -> bool:
    """Whether a word is base64 of some length."""
    return len(text) >= 24 and _BASE64.match(text[:4096]) is not None
