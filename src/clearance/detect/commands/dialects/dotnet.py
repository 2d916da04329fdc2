"""What PowerShell does by operators, casts and methods of .NET, as far as it is constant."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action
from clearance.detect.commands.roles.recoding import decoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import UNKNOWN, Origin, Value, carried, exchanged, joined, unknown
from clearance.model.command import CommandCapability, SourceKind

_MOST: Final = 65_536
_ITEM: Final = 4096
"""Characters of a format and of each item: more could multiply beyond measure."""


def operated(sign: str, left: Value, right: Value, items: list[Value]) -> Value:
    """``+``, ``-join``, ``-replace`` and ``-f``; other operators give something unknown with the same origins."""
    if sign == "+":
        return joined((left, right))
    if sign in ("-join", "-cjoin"):
        return replace(joined((left, carried((right,)))), text=exchanged(left.text, "\n", right.text), known=left.known)
    if sign in ("-replace", "-creplace", "-ireplace") and left.known and items:
        old, new = items[0].text, items[1].text if len(items) > 1 else ""
        # Constant parts only: a pattern of the command is never run as one.
        plain_old = re.sub(r"\\(.)", r"\1", old)
        return replace(left, text=exchanged(left.text, plain_old, new)[:_MOST])
    if sign == "-split" and left.known and right.text:
        return replace(left, text=exchanged(left.text, right.text, "\n"))
    if sign == "*" and left.known and right.text.isdigit():
        return replace(left, text=(left.text * min(int(right.text), 64))[:_MOST])
    return carried((left, right))


def formatted(form: Value, items: list[Value]) -> Value:
    """``'{1}{0}' -f 'x','ie'``."""

    def one(found: re.Match[str]) -> str:
        at = int(found.group(1))
        return items[at].text[:_ITEM] if at < len(items) else ""

    whole = joined((form, *items))
    return replace(whole, text=re.sub(r"\{(\d{1,2})(?:[,:][^}]{0,20})?\}", one, form.text[:_ITEM])[:_MOST])


def cast(kind: str, values: list[Value]) -> Value:
    """``[char]105``, ``[char[]](73,69,88)``, ``[string]``."""
    if kind.startswith("char"):
        texts = [_character(v.text) for v in values]
        return replace(joined(values), text=("\n" if "[]" in kind else "").join(texts))
    return joined(values, "\n")


def _character(text: str) -> str:
    try:
        number = int(text, 16 if text.lower().startswith("0x") else 10)
    except ValueError:
        return text
    return chr(number) if 0 < number < 0x110000 else ""


def called_method(scene: Scene, on: Value, name: str, arguments: list[Value]) -> Value:
    """A method: of strings they are evaluated, of others they are commands named ``.method`` in the data."""
    told = joined((on, *(carried((a,)) for a in arguments)))
    first = arguments[0] if arguments else UNKNOWN
    if name in _OF_STRINGS and (on.known or name == "replace"):
        return replace(told, text=_OF_STRINGS[name](on.text, [a.text for a in arguments])[:_MOST], known=on.known)
    if name in ("frombase64string", "fromhexstring"):
        return _decoded(scene, first, "base64" if "64" in name else "hex")
    if name in (
        "getstring",
        "tostring",
        "tochararray",
        "getbytes",
        "trim",
        "getresponsestream",
        "readtoend",
        "openstandardinput",
    ):
        return (
            joined((replace(on, text="") if on.text.startswith("[") else on, *arguments))
            if name == "getstring"
            else (first if arguments and on.text.startswith("[") else on)
        )
    if name in ("tobase64string", "urlencode", "escapedatastring", "tohexstring", "compress"):
        return carried(arguments).after("base64" if "64" in name else name)
    if name == "concat":
        return joined(arguments)
    if name == "join":
        return joined(arguments[1:], first.text)
    if name in ("getenvironmentvariable", "getenvironmentvariables"):
        from clearance.detect.commands.roles.text import variable_origins

        origins = (
            variable_origins(first.text)
            if arguments
            else frozenset({Origin(SourceKind.ENVIRONMENT, "the whole environment")})
        )
        return unknown("", origins)
    action = Action(
        program=f".{name}",
        called=f"{on.text[:80]}.{name}",
        words=(*arguments, carried((on,))) if on.origins else tuple(arguments),
    )
    printed = act(scene, action)
    return Value(
        printed.text,
        printed.known,
        printed.origins | on.origins | (first.origins if name in ("new", "create") else frozenset()),
        printed.steps or on.steps,
    )


def _decoded(scene: Scene, first: Value, how: str) -> Value:
    text = decoded(first.text, how) if first.text else None
    origins = first.origins | {Origin(SourceKind.ENCODED, (first.text or "what it decodes")[:80])}
    if text and first.known and len(text) > 8:
        scene.see(
            CommandCapability.HIDE, 0.4, "It holds a text that is written so that a reader cannot read it.", text[:200]
        )
    return Value(text or "", text is not None and first.known, origins, first.steps)


_OF_STRINGS: Final[dict[str, Callable[[str, list[str]], str]]] = {
    "replace": lambda t, a: exchanged(t, a[0], a[1]) if len(a) > 1 else t,
    "tolower": lambda t, _: t.lower(),
    "toupper": lambda t, _: t.upper(),
    "trim": lambda t, a: t.strip(a[0] if a else None),
    "trimstart": lambda t, a: t.lstrip(a[0] if a else None),
    "trimend": lambda t, a: t.rstrip(a[0] if a else None),
    "substring": lambda t, a: t[_at(a, 0) : _at(a, 0) + _at(a, 1) if len(a) > 1 else None],
    "remove": lambda t, a: t[: _at(a, 0)] + (t[_at(a, 0) + _at(a, 1) :] if len(a) > 1 else ""),
    "insert": lambda t, a: t[: _at(a, 0)] + (a[1] if len(a) > 1 else "") + t[_at(a, 0) :],
    "split": lambda t, a: exchanged(t, a[0], "\n") if a else t,
    "padleft": lambda t, _: t,
}


def _at(arguments: list[str], number: int) -> int:
    text = arguments[number] if number < len(arguments) else ""
    return int(text) if text.isdigit() and len(text) < 7 else 0
