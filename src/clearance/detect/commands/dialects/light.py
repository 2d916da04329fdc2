"""A light reader for JavaScript, and for the one-liners of languages that have no reader of their own.

It looks at calls and strings in order, not at the flow of values: something read and something sent in one text are
taken for one flow.
"""

import functools
import re
import shlex
from importlib.resources import files
from typing import Final

import msgspec

from clearance.detect.commands.destinations import hosts_in
from clearance.detect.commands.places import places
from clearance.detect.commands.roles.recoding import decoded, looks_encoded
from clearance.detect.commands.roles.text import unescaped, variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import UNKNOWN, Origin, Value, carried, joined, plain, unknown
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SinkKind, SourceKind

_MOST: Final = 65_536
_STRING: Final = re.compile(r"\"((?:[^\"\\\n]|\\.){0,4000})\"|'((?:[^'\\\n]|\\.){0,4000})'|`((?:[^`\\]|\\.){0,4000})`")
_QUOTED: Final = re.compile(
    r"\bq[qxw]?\{((?:[^{}]|\{[^{}]{0,200}\}){0,4000})\}|\bq[qx]?\(([^()]{0,4000})\)|%[qQx]\{([^{}]{0,4000})\}"
)
_JOIN: Final = re.compile(r"(['\"])\s*\+\s*\1")
_ENVIRONMENT: Final = re.compile(
    r"process\.env(?:\.(\w+)|\[\s*['\"](\w+)['\"]\s*\])?|ENV\[['\"](\w+)['\"]\]|\$ENV\{['\"]?(\w+)|"
    r"getenv\(\s*['\"](\w+)|(?<!\w)(?:ENV\.to_|%ENV|\$_ENV|Deno\.env\.toObject)"
)


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Patterns of calls by what they do."""

    reads: tuple[str, ...]
    sends: tuple[str, ...]
    fetches: tuple[str, ...]
    runs: tuple[str, ...]
    evaluates: tuple[str, ...]
    encodes: tuple[str, ...]
    decodes: tuple[str, ...]
    shells: tuple[str, ...]
    sockets: tuple[str, ...]


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = files("clearance.detect.commands").joinpath("script_calls.toml").read_bytes()
    words = msgspec.toml.decode(data, type=_Words)
    return {name: re.compile("|".join(getattr(words, name))) for name in _Words.__struct_fields__}


def read(scene: Scene, text: str) -> Value:
    """What a script reads, sends, runs and decodes, as far as its calls and strings tell."""
    text = _JOIN.sub("", text[:_MOST].replace("\x00", ""))
    does = {name: pattern.search(text) is not None for name, pattern in _patterns().items()}
    strings = [unescaped(next(g for g in m.groups() if g is not None)) for m in _STRING.finditer(text)]
    strings += [next(g for g in m.groups() if g is not None) for m in _QUOTED.finditer(text)]
    taken = _taken(scene, text, strings, does)
    if does["encodes"]:
        taken = taken.after("encoded")
    fetched = UNKNOWN
    urls = [plain(s) for s in strings if hosts_in(s)]
    if does["sends"] or does["fetches"]:
        to = joined(urls, " ")
        scene.send(taken, to, "the script")
        fetched = scene.fetch(urls or [plain("the network")])
    if does["shells"]:
        scene.see(Can.EXECUTE, 0.5, "It starts a shell from within a script.", text[:200])
    if does["decodes"] and any(looks_encoded(said) for said in strings):
        scene.decode(text[:200])
    if does["sockets"] and does["runs"]:
        scene.see(Can.EXECUTE, 0.6, "It ties commands to a connection.", text[:200])
    _delete(scene, text)
    if does["evaluates"] or does["runs"]:
        _run(scene, text, strings, does, fetched)
    return joined((carried((taken,)), carried((fetched,))))


def _taken(scene: Scene, text: str, strings: list[str], does: dict[str, bool]) -> Value:
    origins: set[Origin] = set()
    for found in _ENVIRONMENT.finditer(text):
        name = next((g for g in found.groups() if g), "")
        origins |= variable_origins(name) if name else {Origin(SourceKind.ENVIRONMENT, "the whole environment")}
    origins |= scene.stdin.origins | scene.ambient
    if does["reads"]:
        for said in strings:
            if len(said) < 300 and places(said):
                origins |= scene.read(plain(said)).origins
    if does["runs"]:
        for said in strings:
            if " " in said and len(said) < 2000:
                origins |= scene.nested(said, Dialect.BASH).origins
    return unknown("", frozenset(o for o in origins if o.kind is not SourceKind.ENCODED))


_DELETES: Final = re.compile(
    r"\b(?:rmSync|rmdirSync|fs\.rm|fsp?\.rmdir|promises\.rm|rimraf(?:Sync|\.sync)?|rm_rf|rm_r|remove_entry_secure|remove_tree|"
    r"rmtree|Deno\.remove(?:Sync)?|removeSync|emptyDirSync)\s*\(?\s*(.{0,160})",
    re.DOTALL,
)
_HOME: Final = (
    r"(?:[\w.$]{0,40}|require\([^()]{1,20}\)\.)homedir\(\)|process\.env\.HOME|Dir\.home|ENV\[.HOME.\]|\$ENV\{HOME\}"
)
_OF_HOME: Final = re.compile(rf"(?:{_HOME})\s*(?:[,;)]|$)")
_NAMED: Final = re.compile(r"\$?([A-Za-z_]\w{0,40})\s*(?:[,;)]|$)")
_PATH: Final = re.compile(r"[\"'`]([^\"'`\n]{1,150})[\"'`]\s*(?:[,;)]|$)")


def _delete(scene: Scene, text: str) -> None:
    """Folders that a script deletes with all that is in them."""
    for found in list(_DELETES.finditer(text))[:40]:
        said = found[1]
        name = _NAMED.match(said)
        held = name and re.search(
            rf"\b{name[1]}\s{{0,9}}=\s{{0,9}}(?:{_HOME})\s{{0,9}}(?:[,;)]|$)", text[:8192], re.MULTILINE
        )
        path = _PATH.match(said)
        if _OF_HOME.match(said) or held:
            scene.nested("rm -r -- ~", Dialect.BASH)
        elif path:
            scene.nested(f"rm -r -- {shlex.quote(path[1])}", Dialect.BASH)


def _run(scene: Scene, text: str, strings: list[str], does: dict[str, bool], fetched: Value) -> None:
    if fetched.origins and (does["evaluates"] or does["runs"]):
        scene.flow(fetched, SinkKind.EXECUTION, "the script")
    for said in strings:
        if does["decodes"] and looks_encoded(said):
            code = decoded(said, "") or ""
            scene.execute(
                Value(code, bool(code), frozenset({Origin(SourceKind.ENCODED, said[:80])})), scene.dialect, "the script"
            )
    if does["runs"]:
        scene.see(Can.EXECUTE, 0.06, "It runs a command from within a script.", text[:200])
