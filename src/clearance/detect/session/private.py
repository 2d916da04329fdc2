"""Private data in a session: places that hold secrets, variables, secrets that were seen, what the user named."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from clearance.detect.commands.places import names_a_secret, normal, places
from clearance.detect.session.calls import PATHS, Call
from clearance.model.command import SourceKind
from clearance.model.finding import Finding, Hit, Severity
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel, ThreatKind

_WEIGHS: Final = 0.1
"""Weight of reading a place from which on it counts as private."""
_OPEN_CHANNELS: Final = frozenset(
    {SpanChannel.WEB_RESULT, SpanChannel.TOOL_CALL, SpanChannel.COMMAND, SpanChannel.OUTBOUND_BODY, SpanChannel.SKILL}
)
"""Where a secret is either public already, or on its way and not yet read from anywhere."""
_NAMES_ONLY: Final = frozenset("echo printf touch mkdir rm rmdir ls chmod chown test [ stat file find which".split())
"""Programs that take a path and do not show what lies there."""
_FIRST_IS_PATTERN: Final = frozenset("grep rg egrep fgrep ag ack sed awk".split())
_STORES: Final = (
    ("gh", "auth token"),
    ("gcloud", "auth print-"),
    ("aws", "configure get"),
    ("aws", "secretsmanager get-secret-value"),
    ("aws", "ssm get-parameter"),
    ("security", "find-generic-password"),
    ("security", "find-internet-password"),
    ("op", "read"),
    ("pass", "show"),
    ("vault", "kv get"),
    ("vault", "read"),
    ("kubectl", "get secret"),
    ("git", "credential fill"),
    ("docker", "secret"),
    ("heroku", "config"),
    ("az", "keyvault secret show"),
)
_WRITING: Final = re.compile(r"(?i)write|edit|create|patch|replace|insert|append")


def private_data(
    span: SessionSpan, call: Call | None, findings: Sequence[Finding], scope: SessionScope
) -> tuple[str, str] | None:
    """Where private data lies that this span touches, and how that is known; None if none is."""
    if span.private:
        return span.where or span.channel, "it is known to be private"
    if any(is_private_place(path, scope) for path in _paths(span, call)):
        return next(p for p in _paths(span, call) if is_private_place(p, scope))[:200], "its place is named as private"
    if call is not None:
        return next(_of_call(call), None)
    if span.channel not in _OPEN_CHANNELS and (secret := _secret(findings)) is not None:
        return span.where or span.channel, f"a secret was seen ({secret})"
    return None


def is_private_place(path: str, scope: SessionScope) -> bool:
    """Whether a path or address begins with one that the user named."""
    named = scope.private_places
    if not named or not path:
        return False
    if "." in named and not path.startswith(("http:", "https:", "~")) and is_inside(path, scope):
        return True
    return any(path.startswith(place) for place in named if place not in ("", "."))


def is_inside(path: str, scope: SessionScope) -> bool:
    """Whether a path lies in the project; relative ones do unless they climb out."""
    if path.startswith(("/", "~")) or re.match(r"^[A-Za-z]:[\\/]", path):
        project = scope.project.rstrip("/")
        return bool(project) and (path == project or path.startswith(f"{project}/")) and "/../" not in path
    depth = 0
    for part in re.split(r"[\\/]", path):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return False
    return True


def _paths(span: SessionSpan, call: Call | None) -> Iterator[str]:
    if span.where:
        yield span.where
    if call is not None and not _WRITING.search(call.name):
        yield from (text for name, text in call.texts if name in PATHS)
        for line in call.lines:
            if line[0] not in _NAMES_ONLY:
                yield from (word for word in line[1:] if not word.startswith("-"))


def _of_call(call: Call) -> Iterator[tuple[str, str]]:
    for flow in call.reading.flows:
        if flow.source in (SourceKind.SECRET, SourceKind.ENVIRONMENT):
            yield flow.taken, f"a command takes it ({flow.source})"
    if not call.is_command:
        if not _WRITING.search(call.name):
            for name, text in call.texts:
                if name in PATHS and (what := _secret_place(text)):
                    yield text[:200], f"it holds {what}"
        return
    for line in call.lines:
        yield from _of_line(line)


def _of_line(line: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    program, words = line[0], line[1:]
    if program in ("env", "printenv", "set", "export", "declare", "gci", "get-childitem") and _shows_all(
        program, words
    ):
        yield "the environment", f"{program} shows it"
    shown = program in ("echo", "printf", "printenv")
    for word in words:
        variable = word.strip("\"'").lstrip("$").strip("{}")
        if shown and (word.lstrip("\"'").startswith("$") or program == "printenv") and names_a_secret(variable):
            yield f"${variable[:80]}", "a variable that is named like a secret"
    joined = " ".join(words)
    for name, store in _STORES:
        if program == name and store in joined:
            yield f"{name} {store}", "it gives out a secret"
    if program in _NAMES_ONLY:
        return
    looked = words if program not in _FIRST_IS_PATTERN else _behind_pattern(words)
    for word in looked:
        if what := _secret_place(word.lstrip("@<")):
            yield word[:200], f"it holds {what}"


def _behind_pattern(words: tuple[str, ...]) -> tuple[str, ...]:
    bare = tuple(word for word in words if not word.startswith("-"))
    return bare[1:]


def _shows_all(program: str, words: tuple[str, ...]) -> bool:
    if program in ("gci", "get-childitem"):
        return any(word.lower().startswith("env:") for word in words)
    return all(word.startswith("-") for word in words)


def _secret_place(path: str) -> str:
    if "://" in path[:12] or len(normal(path)) < 3:
        return ""
    return next((place.what for place in places(path) if place.kind == "secret" and place.read >= _WEIGHS), "")


def _secret(findings: Sequence[Finding]) -> str | None:
    for finding in findings:
        if not isinstance(finding, Hit) or finding.span is None or finding.severity.rank < Severity.MEDIUM.rank:
            continue
        if finding.span.threat is ThreatKind.SECRET:
            return finding.because[0].what[:80]
    return None
