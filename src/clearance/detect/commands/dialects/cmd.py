r"""The Windows command prompt: carets, quotes, ``%VAR:~0,1%``, ``set``, ``&``, ``|``, ``if`` and ``for`` resolved."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.texture import look_at_text
from clearance.detect.commands.value import EMPTY, Value, exchanged, joined, plain
from clearance.model.command import Dialect

_SLICE: Final = re.compile(r"([%!])([A-Za-z_][\w() ]{0,60}):~(-?\d{1,4})(?:,(-?\d{1,4}))?\1")
_SWAP: Final = re.compile(r"([%!])([A-Za-z_]\w{0,60}):([^%!=\n]{1,40})=([^%!\n]{0,40})\1")
_NAME: Final = re.compile(r"([%!])([A-Za-z_][\w()]{0,60})\1")
_WORD: Final = re.compile(r"(?:\"[^\"]*\"?|[^\s\"]+)+")
_REDIRECT: Final = re.compile(r"(?:^|(?<=[\s\"]))([012]?)(>>?|<)\s*(&\d|\"[^\"]*\"|[^\s&|<>]+)")
_CONTROL: Final = re.compile(
    r"^(?:@|call\s+|if\s+(?:/i\s+)?(?:not\s+)?(?:exist\s+(?:\"[^\"]*\"|\S+)|defined\s+\S+|"
    r"errorlevel\s+\d+|\S+\s*(?:==|equ|neq)\s*\S+)\s*|else\s+|"
    r"for\s+(?:/[a-z]\s+)?(?:\"[^\"]*\"\s+)?%%?\w+\s+in\s+\([^)]{0,2000}\)\s+do\s*)+",
    re.IGNORECASE,
)
_FOR: Final = re.compile(r"\bin\s+\(\s*'([^']{1,2000})'\s*\)", re.IGNORECASE)
_USUAL: Final = {"comspec": r"C:\Windows\System32\cmd.exe", "os": "Windows_NT"}


def read(scene: Scene, text: str) -> Value:
    """Walk a batch text; lines end with a line break, a caret joins them."""
    look_at_text(scene, text, Dialect.CMD)
    printed = [_line(scene, line) for line in _unfolded(text).split("\n") if line.strip()]
    return joined(printed) if printed else EMPTY


def _unfolded(text: str) -> str:
    return text.replace("\x00", "").replace("\r", "").replace("^\n", "")


def _line(scene: Scene, line: str) -> Value:
    inner = _FOR.search(line)
    if inner:
        scene.nested(inner.group(1), scene.dialect)
    control = _CONTROL.match(line.lstrip())
    if control:
        line = line.lstrip()[control.end() :]
    value, connected, printed = EMPTY, False, []
    for sign, part in _commands(line):
        if scene.left < 0:
            break
        if sign != "|":
            printed.append(value)
            value, connected = EMPTY, False
        value = _command(scene, part, value, connected=connected)
        connected = True
    return joined([*printed, value])


def _commands(line: str) -> list[tuple[str, str]]:
    """Parts between unquoted signs, each with the sign before it; carets outside of quotes vanish."""
    parts, here, quoted, at, sign = [], "", False, 0, ""
    while at < len(line):
        c = line[at]
        if c == "^" and not quoted and at + 1 < len(line):
            here += line[at + 1]
            at += 2
            continue
        if c == '"':
            quoted = not quoted
        found = "" if quoted else next((s for s in ("||", "&&", "|", "&") if line.startswith(s, at)), "")
        if found and not (found == "&" and line[at - 1 : at] == ">"):
            parts.append((sign, here))
            sign, here = found, ""
            at += len(found)
            continue
        here += c
        at += 1
    return [(s, p.strip()) for s, p in [*parts, (sign, here)] if p.strip()]


def _expanded(scene: Scene, text: str) -> str:
    """Variables that are known by their values; others stay as they stand."""
    if "%" not in text and "!" not in text:
        return text

    def known(name: str) -> str | None:
        value = scene.variables.get(name.lower())
        return value.text if value is not None else _USUAL.get(name.lower())

    def cut(found: re.Match[str]) -> str:
        whole = known(found[2])
        if whole is None:
            return found[0]
        start, size = int(found[3]), found[4]
        tail = whole[start:]
        return tail if size is None else tail[: int(size)]

    text = _SLICE.sub(cut, text)
    text = _SWAP.sub(lambda m: exchanged(w, m[3], m[4]) if (w := known(m[2])) is not None else m[0], text)
    return _NAME.sub(lambda m: w if (w := known(m[2])) is not None else m[0], text)


def _command(scene: Scene, part: str, stdin: Value, *, connected: bool) -> Value:
    part = _expanded(scene, part).lstrip("@( ").strip()
    control = _CONTROL.match(part)
    part = part[control.end() :].lstrip("@( ") if control else part
    if not part or part.startswith(("::", ":")) or part[:4].lower() == "rem ":
        return EMPTY
    if assigned := re.match(r"(?i)^set\s+(?:/a\s+)?\"?([\w()]+)=([^\"]*)\"?$", part):
        scene.set_variable(assigned[1].lower(), plain(assigned[2]))
        return EMPTY
    writes = tuple(plain(m[3].strip('"')) for m in _REDIRECT.finditer(part) if m[2] != "<" and m[3][0] != "&")
    reads = [m[3].strip('"') for m in _REDIRECT.finditer(part) if m[2] == "<"]
    words = [w.group(0) for w in _WORD.finditer(_REDIRECT.sub(" ", part))]
    if not words:
        return EMPTY
    called, rest = _first(words)
    if reads:
        stdin, connected = scene.read(plain(reads[0])), True
    action = Action(
        program=program_of(called),
        called=called,
        words=tuple(plain(_bare(w)) for w in rest),
        stdin=stdin,
        piped=connected,
        writes=writes,
    )
    if action.program in ("cmd", "powershell", "pwsh") and len(rest) > 1:
        # What stands behind is one text, with its quotes.
        action = replace(action, words=_kept(rest))
    return act(scene, action)


def _kept(rest: list[str]) -> tuple[Value, ...]:
    return tuple(plain(w[1:-1] if len(w) > 1 and w[0] == w[-1] == '"' and w.count('"') == 2 else w) for w in rest)


def _first(words: list[str]) -> tuple[str, list[str]]:
    """``echo.hello`` and ``dir/s`` are a name with something behind it."""
    called, rest = _bare(words[0]), words[1:]
    if glued := re.match(r"^(echo|dir|cd|type|del|rd|md)([./(\\].*)$", called, re.IGNORECASE):
        return glued[1], [glued[2].lstrip("."), *rest]
    return called, rest


def _bare(word: str) -> str:
    return word.replace('"', "")
