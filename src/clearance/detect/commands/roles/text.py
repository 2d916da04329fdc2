"""Programs that print, read and recode text."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.places import names_a_secret, places
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, UNKNOWN, Origin, Value, joined, plain, unknown
from clearance.model.command import CommandCapability, SourceKind

_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|u([0-9a-fA-F]{4})|([abefnrtv\\'\"]))")
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}


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
