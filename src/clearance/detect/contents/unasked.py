"""What something that runs unasked does, as a claim with its weight: read as a command, or as the script that it is.

A command line, a shell script and Python are read by ``detect.commands``, which follows values from source to sink.
Of JavaScript the commands and places in its strings are read: that reader knows no flow there, and an installer that
fetches a prebuilt binary reads variables and the network too.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.commands import Dialect, analyse_command
from clearance.detect.commands.roles.text import unescaped
from clearance.detect.contents.commands import alarm
from clearance.detect.contents.script_parts import AT_EVERY_START, doing_of_parts
from clearance.detect.contents.unasked_claim import STAYS, UnaskedDoing
from clearance.model.command import (
    CommandCapability,
    CommandReading,
    CommandSighting,
    CommandVerdict,
    DataFlow,
    SinkKind,
    SourceKind,
)
from clearance.model.contents import Started
from clearance.model.finding import Severity

_DIALECTS: Final = {
    "command": Dialect.BASH,
    "shell": Dialect.BASH,
    "makefile": Dialect.BASH,
    "powershell": Dialect.POWERSHELL,
    "batch": Dialect.CMD,
    "python": Dialect.PYTHON,
}
_HEAVY: Final = 0.45
"""Weight of a sighting from which on it counts by itself: half of what makes a command dangerous, and more."""
_OWN_FILE: Final = re.compile(r"(?![/~$%\\]|[A-Za-z]:)[^\s]+\Z")
"""A path below the folder that a build works in."""
_MADE: Final = {
    "runs-fetched-code": "fetches code and runs it",
    "runs-hidden-code": "runs code that it hides",
}
_TEXT: Final = re.compile(r"\"((?:[^\"\\\n]|\\.){0,2000})\"|'((?:[^'\\\n]|\\.){0,2000})'|`((?:[^`\\]|\\.){0,2000})`")
_TELLING: Final = re.compile(
    r"\b(?:curl|wget|iwr|irm|iex|powershell|pwsh|bash|sh|nc|ncat|socat|base64|crontab|systemctl|launchctl|schtasks|certutil"
    r"|bitsadmin|mshta|reg|eval|osascript|python3?)\b",
    re.IGNORECASE,
)
_CREDENTIALS: Final = re.compile(
    r"(?:^|[\"'`/\\])(?:\.ssh|id_(?:rsa|ed25519|ecdsa)|\.aws|\.netrc|\.git-credentials|\.npmrc|\.pypirc|\.kube|\.gnupg"
    r"|\.docker/config\.json|\.config/(?:gcloud|gh)|\.azure|Login Data|wallet\.dat"
    r"|\.claude\.json|\.claude/\.credentials)"
    r"(?:[\"'`/\\]|$)"
)
_WHOLE_ENVIRONMENT: Final = re.compile(
    r"(?:JSON\.stringify|querystring\.stringify|URLSearchParams|Object\.(?:entries|keys|values|assign))\s*\(\s*"
    r"(?:\{\}\s*,\s*)?process\.env\s*[,)]"
    r"|\.\.\.process\.env\s*\}\s*\)"
)
_READS: Final = re.compile(r"\b(?:readFile(?:Sync)?|createReadStream|readdir(?:Sync)?|Bun\.file)\s*\(")
_SENDS: Final = re.compile(
    r"\bfetch\s*\(|\.\s*(?:request|post|put)\s*\(|\bhttps?\b.{0,40}\.get\s*\(|\baxios\b|\bgot\s*\(|XMLHttpRequest|net\.connect"
    r"|createConnection\s*\(|dns\.(?:resolve|lookup)\w*\s*\(|WebSocket"
)
_RUNS_IT: Final = re.compile(
    r"\b(?:exec\w*|spawn\w*|system|popen|shell\w*|run\w*|sh|bash|cmd|command|Command::new|arg|args|qx|fork|\$)\s*[(:\[=`]?\s*[^;\n]{0,80}\Z"
)
_NAMED: Final = re.compile(r"([\w$]{1,60})\s*[=:]\s*\Z")
_ALIAS: Final = re.compile(
    r"\b(?:exec|execSync|spawn|spawnSync)\s*:\s*([\w$]{1,40})\s*[,}]"
    r"|([\w$]{1,40})\s*=\s*require\s*\(\s*[\"'`](?:node:)?child_process[\"'`]\s*\)\s*\.\s*(?:exec|spawn)(?:Sync)?\b"
)
_BY_STRINGS: Final = ("javascript", "script", "rust")
_SPEAKS: Final = re.compile(r"\s*(?:#|//|echo\b|printf\b|Write-Host\b|rem\b|cat\s*<<)", re.IGNORECASE)
_SHELL_OF_MAKE: Final = re.compile(r"\$\(shell\s+([^\n]{1,2000}?)\)(?=[\s)]|$)", re.MULTILINE)
_SURE: Final = frozenset(("gives a shell to the network", "starts an assistant that asks nobody", "destroys files"))
_LONGEST_LINE: Final = 8192
_JOINED: Final = re.compile(r"([\"'])\s*\+\s*\1")
_LISTED: Final = re.compile(
    r"\[\s*((?:\"(?:[^\"\\\n]|\\.){0,200}\"|'(?:[^'\\\n]|\\.){0,200}')(?:\s*,\s*"
    r"(?:\"(?:[^\"\\\n]|\\.){0,200}\"|'(?:[^'\\\n]|\\.){0,200}')){1,40})\s*\]\s*\.\s*join\s*\(\s*([\"'`])(\s?)\2\s*\)"
)
"""Strings that are joined, with nothing or a space between them."""
_PIECES: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_MOST_STRINGS: Final = 400


def unasked_doing(started: Started) -> UnaskedDoing | None:
    """The gravest thing that it does; None where it does nothing out of the ordinary."""
    found = [*_of_made_code(started), *_of_text(started.dialect, started.text)]
    return max(found, key=lambda d: d.severity.rank, default=None)


def command_doing(command: str) -> UnaskedDoing | None:
    """The same of one command line."""
    return max(_of_text("command", command), key=lambda d: d.severity.rank, default=None)


def _of_made_code(started: Started) -> Iterator[UnaskedDoing]:
    for made in started.made_code:
        kind, _, how = made.partition(": ")
        if kind in _MADE:
            yield UnaskedDoing(severity=Severity.HIGH, what=_MADE[kind], shown=how)


@functools.lru_cache(maxsize=4096)
def _of_text(dialect: str, text: str) -> tuple[UnaskedDoing, ...]:
    if dialect in _DIALECTS:
        runs = _recipes(text) if dialect == "makefile" else text
        return (*_of_patterns(dialect, runs), *_of_reading(analyse_command(runs, dialect=_DIALECTS[dialect]), runs))
    if dialect in _BY_STRINGS:
        return tuple(_of_script(_in_one(text)))
    return ()


def _of_patterns(dialect: str, text: str) -> tuple[UnaskedDoing, ...]:
    """What patterns know; of a script its lines that neither speak nor remark, and not that it fetches something."""
    if dialect == "command":
        what = alarm(text)
        return (UnaskedDoing(severity=Severity.HIGH, what=what, shown=text),) if what else ()
    found = {alarm(line): line for line in text.splitlines() if len(line) < _LONGEST_LINE and not _SPEAKS.match(line)}
    return tuple(
        UnaskedDoing(severity=Severity.HIGH, what=what, shown=line) for what, line in found.items() if what in _SURE
    )


def _recipes(text: str) -> str:
    """What make gives to a shell: lines behind a tab, and ``$(shell …)``."""
    lines = [line.lstrip("\t @-+").replace("$$", "$") for line in text.splitlines() if line.startswith("\t")]
    return "\n".join((*lines, *(match[1] for match in _SHELL_OF_MAKE.finditer(text))))


def _of_reading(reading: CommandReading, text: str) -> Iterator[UnaskedDoing]:
    for flow in reading.flows:
        if (what := _graveness(flow)) and _weight(reading, flow) >= _HEAVY:
            # Of a script on the command line only that both are in it is known, not that one goes into the other.
            severity = Severity.MEDIUM if flow.ended == "the script" else Severity.HIGH
            yield UnaskedDoing(severity=severity, what=what, shown=flow.path)
    sightings = [s for s in reading.sightings if s.weight >= _HEAVY and not _stays_within(s)]
    for sighting in sightings:
        if sighting.capability is CommandCapability.PERSIST:
            yield UnaskedDoing(severity=Severity.HIGH, what=STAYS, shown=sighting.seen or sighting.sentence)
    if reading.verdict is CommandVerdict.DANGEROUS and sightings:
        yield UnaskedDoing(
            severity=Severity.MEDIUM,
            what=f"does what installers and hooks seldom do ({sightings[0].sentence.rstrip('.')[:160]})",
            shown=sightings[0].seen or text,
        )


def _stays_within(sighting: CommandSighting) -> bool:
    """Whether what is to be started again lies below the folder that a build works in."""
    return sighting.capability is CommandCapability.PERSIST and _OWN_FILE.match(sighting.seen) is not None


def _graveness(flow: DataFlow) -> str:
    match flow.source, flow.sink:
        case SourceKind.UNTRUSTED, SinkKind.EXECUTION | SinkKind.PERSISTENCE:
            return "fetches something and runs it"
        case SourceKind.ENCODED, SinkKind.EXECUTION | SinkKind.PERSISTENCE:
            return "runs what was encoded"
        case SourceKind.SECRET | SourceKind.ENVIRONMENT, SinkKind.NETWORK:
            return "takes secrets and reaches the network"
        case _:
            return ""


def _weight(reading: CommandReading, flow: DataFlow) -> float:
    return max((s.weight for s in reading.sightings if s.seen and flow.path.startswith(s.seen[:200])), default=0.0)


def _of_script(text: str) -> Iterator[UnaskedDoing]:
    """JavaScript and the like: commands in strings, and secrets beside a way out."""
    given = 0
    for match in _TEXT.finditer(text):
        said = next(group for group in match.groups() if group is not None)
        if "\\" in said:
            said = unescaped(said)
        if " " in said and given < _MOST_STRINGS and _TELLING.search(said) and _is_run(text, match.start()):
            given += 1
            yield from (d for d in _of_text("command", said) if d.severity is Severity.HIGH)
    yield from doing_of_parts(text)
    if _SENDS.search(text):
        if (place := _CREDENTIALS.search(text)) is not None and _READS.search(text):
            shown = text[max(0, place.start() - 80) : place.end() + 80]
            yield UnaskedDoing(severity=Severity.HIGH, what="takes secrets and reaches the network", shown=shown)
        if (whole := _WHOLE_ENVIRONMENT.search(text)) is not None:
            shown = text[max(0, whole.start() - 80) : whole.end() + 80]
            yield UnaskedDoing(
                severity=Severity.HIGH, what="takes the environment and reaches the network", shown=shown
            )


def _in_one(text: str) -> str:
    """The text with strings that are added or joined in one piece."""
    text = _LISTED.sub(
        lambda m: '"' + m[3].join(one or other for one, other in _PIECES.findall(m[1])).replace('"', "'") + '"', text
    )
    return _JOINED.sub("", text)


def _is_run(text: str, at: int) -> bool:
    """Whether a string that begins at ``at`` is given to something that runs it, itself or by a name."""
    before = text[max(0, at - 120) : at]
    if _RUNS_IT.search(before) or AT_EVERY_START.search(before):
        return True
    named = _NAMED.search(before)
    return any(re.search(rf"(?<![\w$.]){re.escape(alias)}\s*\(\s*\Z", before) for alias in _aliases(text)) or (
        named is not None
        and re.search(rf"\b(?:exec|spawn|run|system)\w*\s*\([^()\n]{{0,80}}\b{re.escape(named[1])}\b", text) is not None
    )


@functools.lru_cache(maxsize=8)
def _aliases(text: str) -> frozenset[str]:
    """Names of the script's own for what runs a command: ``{execSync: e} = require("child_process")``."""
    if "child_process" not in text:
        return frozenset()
    return frozenset(one or other for one, other in itertools.islice(_ALIAS.findall(text), 20))
