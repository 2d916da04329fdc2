"""Programs that print, read and recode text."""

import base64
import binascii
import bz2
import codecs
import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.places import names_a_secret, places
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, MOST_TEXT, UNKNOWN, Origin, Value, carried, joined, plain, unknown
from clearance.model.command import CommandCapability, SourceKind

_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|u([0-9a-fA-F]{4})|([abefnrtv\\'\"]))")
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_BASE64: Final = re.compile(r"^[A-Za-z0-9+/=_\s-]{8,}$")


def unescaped(text: str) -> str:
    r"""``\x41``, ``\101``, ``\u0041`` and ``\n`` as what they stand for."""

    def one(found: re.Match[str]) -> str:
        hexadecimal, octal, unicode, letter = found.groups()
        if hexadecimal or unicode:
            return chr(int(hexadecimal or unicode, 16))
        return chr(int(octal, 8) & 0xFF) if octal else _PLAIN.get(letter, letter)

    return _ESCAPE.sub(one, text) if "\\" in text else text


def echo(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Prints its words."""
    words = list(action.words)
    flags = ""
    while words and re.fullmatch(r"-[neE]+|-[nr]|-noenumerate", words[0].text):
        flags += words.pop(0).text
    said = joined(words, " ")
    names_secrets(scene, said)
    text = unescaped(said.text) if "e" in flags or "\\x" in said.text or "\\0" in said.text else said.text
    encoded = text != said.text and ("\\x" in said.text or "\\0" in said.text)
    origins = said.origins | ({Origin(SourceKind.ENCODED, said.text[:80])} if encoded else frozenset())
    return Value(text + ("" if "n" in flags else "\n"), said.known, origins, said.steps)


def names_secrets(scene: Scene, said: Value) -> None:
    """A text that names where credentials lie may be a command for whoever reads it."""
    for word in said.text.split()[:200] if len(said.text) < 8192 else ():
        for place in places(word):
            if place.kind == "secret" and place.read >= 0.45:
                scene.see(CommandCapability.READ, place.read * 0.5, f"It names {place.what}: {word[:120]}.", said.text)


def located(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """``which`` and ``command -v`` print where a program is; its name is all that matters."""
    names = [w.text for w in action.words if not w.text.startswith("-")]
    return plain(names[0] + "\n") if names else UNKNOWN


def command(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``command -v x`` is ``which x``; ``command x`` is ``x``."""
    if any(w.text in ("-v", "-V") for w in action.words[:1]):
        return located(scene, tool, action)
    from clearance.detect.commands.acting import act

    words = action.words[1:] if action.words and action.words[0].text == "-p" else action.words
    if not words:
        return UNKNOWN
    return act(scene, replace(action, program=program_of(words[0].text), called=words[0].text, words=words[1:]))


def checker(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Compares with digests or signatures: what was fetched before it is then what somebody vouches for."""
    if any(t in ("-c", "--check", "--verify", "verify", "--status") for t in action.texts):
        scene.checked = True
    return UNKNOWN


def joiner(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """``Join-Path a b`` is a path."""
    parts = [
        w for w in action.words if w.text.lower() not in ("-path", "-childpath", "-resolve", "-additionalchildpath")
    ]
    return replace(joined(parts, "\\"), known=all(p.known for p in parts))


def printf(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Prints its words through a format; ``%s`` and ``%b`` are filled in."""
    if not action.words:
        return EMPTY
    words = [w for w in action.words if w.text not in ("--", "-v")]
    said = joined(words, " ")
    form, rest = words[0].text if words else "", [w.text for w in words[1:]]
    text = unescaped(form)
    for word in rest:
        if not re.search(r"%[-\d.]*[a-zA-Z]", text):
            text += unescaped(form) if "%" in form else ""
        spot = re.search(r"%[-\d.]*[a-zA-Z]", text)
        if spot is not None:
            text = text[: spot.start()] + unescaped(word) + text[spot.end() :]
    encoded = "\\x" in said.text or re.search(r"\\[0-7]{3}", said.text) is not None
    origins = said.origins | ({Origin(SourceKind.ENCODED, said.text[:80])} if encoded else frozenset())
    return Value(text, said.known, origins, said.steps)


def reader(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Prints the files it is given, or what comes in, as they are or in part."""
    words = sort_words(tool, action)
    files = [scene.read(w, keeper=tool.keeper) for w in words.rest if w.text != "-"]
    files += [scene.read(v) for v in words.values(tool.sends)]
    whole = tool.step == ""
    if not files:
        return action.stdin if whole else _stepped(action.stdin, tool, action)
    printed = joined([*files, action.stdin] if action.piped else files)
    return printed if whole else _stepped(printed, tool, action)


def filtered(_scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Passes on what comes in, in another form; its words are no files."""
    return _stepped(action.stdin, tool, action)


def _stepped(value: Value, tool: KnownTool, action: Action) -> Value:
    """In part or in another form: the text is no longer known, what it came from is."""
    if value.known and value.text and tool.step in _RECODED:
        new = _RECODED[tool.step](value.text, action)
        if new is not None:
            return replace(value, text=new).after(tool.step)
    if tool.step == "filter":
        return unknown(value.text, value.origins, value.steps)
    return replace(carried((value,)), steps=value.steps).after(tool.step or action.program)


def environment(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Prints the environment, or one variable of it."""
    names = [w.text for w in action.words if not w.text.startswith("-")]
    if names:
        found = [scene.variables.get(n, unknown(f"${n}", variable_origins(n))) for n in names]
        return joined(found, "\n")
    return unknown("", frozenset({Origin(SourceKind.ENVIRONMENT, "the whole environment")}))


def declared(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``set``, ``export -p`` and ``declare -x`` without a name print every variable."""
    names = [t for t in action.texts if not t.startswith("-")]
    lists = (
        not action.words
        if action.program == "set"
        else any(t in ("-p", "-x", "-xp", "-px", "-v") for t in action.texts)
    )
    if names or not lists:
        return EMPTY
    return environment(scene, tool, replace(action, words=()))


def variable_origins(name: str) -> frozenset[Origin]:
    """Where a variable comes from that the command did not set."""
    return frozenset({Origin(SourceKind.ENVIRONMENT, f"${name}")}) if names_a_secret(name) else frozenset()


def machine(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Prints what the machine says of itself and its user."""
    return unknown("", frozenset({Origin(SourceKind.PERSONAL, action.line[:80])}))


def clipboard(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Prints what somebody copied: it may be private, and anybody may have put it there."""
    if action.piped or (action.program in ("xclip", "xsel", "clip") and not _PASTES.intersection(action.texts)):
        return EMPTY
    return replace(
        machine(scene, tool, action),
        origins=frozenset(
            {Origin(SourceKind.PERSONAL, action.line[:80]), Origin(SourceKind.UNTRUSTED, "the clipboard")}
        ),
    )


_PASTES: Final = frozenset({"-o", "-out", "--output", "-b", "-ob", "-bo"})


def secret(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Prints a secret by its purpose: a keychain, a password manager, a token."""
    return unknown("", frozenset({Origin(SourceKind.SECRET, action.line[:80])}))


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


def _translated(text: str, action: Action) -> str | None:
    """``tr``: the two sets are written out; None when they are of another kind."""
    sets = [_spelled(w.text) for w in action.words if not w.text.startswith("-")]
    if len(sets) == 1:
        return "".join(c for c in text if c not in sets[0])
    if len(sets) != 2 or not sets[0] or not sets[1]:
        return None
    longer = sets[1] + sets[1][-1] * (len(sets[0]) - len(sets[1]))
    return text.translate({ord(a): b for a, b in zip(sets[0], longer, strict=False)})


def _spelled(text: str) -> str:
    return re.sub(
        r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), min(ord(m[2]) + 1, ord(m[1]) + 300)))), unescaped(text)
    )


_RECODED: Final[dict[str, Callable[[str, Action], str | None]]] = {
    "reversed": lambda text, _: "\n".join(line[::-1] for line in text.split("\n")),
    "letters exchanged": _translated,
    "rot13": lambda text, _: codecs.encode(text, "rot13"),
}
