"""How much a person should care about a change between two releases: the first row that fits says it.

What went away is of half the concern of what came, save for what guarded something.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from clearance.detect.contents.commands import alarm
from clearance.detect.contents.cues import conceals
from clearance.model.comparison import RankedChange, ReleaseChange
from clearance.model.finding import Finding, Hit

_PERSONAL: Final = ("timezone ", "locale ", "hostname ", "username ", "git ", "network ", "machine-id ")
_STRONG: Final = (
    "keystrokes",
    "wallet",
    "reverse-shell",
    "browser-data",
    "screen",
    "microphone",
    "downloads-code",
    "runs-fetched-code",
    "runs-hidden-code",
)
_STEERING: Final = ("remote-settings", "self-update", "bypass-flag", "persistence", "dynamic-code", "keychain")
_KEYED: Final = re.compile(r"\bunder (?:.* of )?(?:xor|rc4|string array|reversed|shift)")
_LISTS: Final = ("hosts", "time-zones", "words")
_SEVERITIES: Final = {"critical": 99, "high": 93, "medium": 66, "low": 38, "info": 12}

Test = Callable[[ReleaseChange], bool]


def ranked(changes: Iterable[ReleaseChange]) -> tuple[RankedChange, ...]:
    """Every change with its concern, the greatest first; the same changes give the same order."""
    rows = [_ranked(change) for change in changes]
    return tuple(sorted(rows, key=lambda r: (-r.concern, r.change.kind, r.change.how, r.change.subject)))


def new_findings(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[ReleaseChange, ...]:
    """Hits that only one of the two releases has, by rule and title."""
    had = {(f.rule, f.title): f for f in before if isinstance(f, Hit)}
    has = {(f.rule, f.title): f for f in after if isinstance(f, Hit)}
    come = [(key, "added", has[key]) for key in has if key not in had]
    gone = [(key, "removed", had[key]) for key in had if key not in has]
    return tuple(
        ReleaseChange(
            kind="finding",
            how=how,
            subject=f"{hit.severity}: {hit.title}",
            before=hit.message if how == "removed" else "",
            after=hit.message if how == "added" else "",
            where=hit.where,
        )
        for _, how, hit in (*come, *gone)
    )


def _ranked(change: ReleaseChange) -> RankedChange:
    if change.kind == "finding":
        severity = change.subject.partition(":")[0]
        concern, why = _SEVERITIES[severity], "a rule says so of one release and not of the other"
    else:
        concern, why = next((number, text) for number, text, fits in _ROWS if fits(change))
    return RankedChange(change=change, concern=concern // 2 if change.how == "removed" else concern, why=why)


def _keyed_list(change: ReleaseChange) -> bool:
    return _keyed(change) and change.subject.startswith(_LISTS)


def _keyed(change: ReleaseChange) -> bool:
    return change.kind == "hidden string" and _KEYED.search(change.subject) is not None


def _carries_text(change: ReleaseChange) -> bool:
    return change.kind == "hidden text" and change.subject.startswith(("tag", "variation"))


def _alarms(change: ReleaseChange) -> bool:
    return change.kind in ("installation", "extension") and bool(alarm(f"{change.subject}\n{change.after}"))


def _conceals(change: ReleaseChange) -> bool:
    added = "\n".join(line for line in change.detail.splitlines() if not line.startswith("-"))
    return change.kind in ("prompt", "extension") and change.how != "removed" and conceals(added) is not None


def _personal(change: ReleaseChange) -> bool:
    return change.kind == "read" and change.subject.startswith(_PERSONAL)


def _runs_at_installation(change: ReleaseChange) -> bool:
    return change.kind == "installation" and change.subject.startswith(("install-script", "pth-file", "sitecustomize"))


def _of(kind: str, *begins: str) -> Test:
    return lambda change: change.kind == kind and (not begins or change.subject.startswith(begins))


_ROWS: Final[tuple[tuple[int, str, Test], ...]] = (
    (100, "a list behind a key, near code that asks for the environment", lambda c: _keyed_list(c) and bool(c.near)),
    (95, "a list behind a key", _keyed_list),
    (92, "code behind a key", lambda c: _keyed(c) and c.subject.startswith("code")),
    (90, "code points that carry text nobody sees", _carries_text),
    (88, "a command that no honest installer or extension needs", _alarms),
    (86, "another person published it", lambda c: c.kind == "publisher" and bool(c.before)),
    (84, "text behind a key", _keyed),
    (82, "a text that tells to keep something from the user", _conceals),
    (80, "the user's machine is asked for near a request or prompt", lambda c: _personal(c) and bool(c.near)),
    (76, "an extension runs another command", lambda c: c.kind == "extension" and c.before != c.after),
    (74, "code runs at installation", _runs_at_installation),
    (70, "a strong ability", _of("capability", *_STRONG)),
    (64, "the user's machine is asked for", _personal),
    (60, "a host of which nobody knows whose it is", lambda c: c.kind == "endpoint" and not c.after + c.before),
    (56, "the environment is asked for near a request or prompt", lambda c: c.kind == "read" and bool(c.near)),
    (52, "an ability to change what it does later", _of("capability", *_STEERING)),
    (50, "something cannot be looked into", _of("unopened")),
    (46, "a prompt was changed", lambda c: c.kind == "prompt" and c.how == "changed"),
    (44, "a prompt", _of("prompt")),
    (42, "an extension", _of("extension")),
    (40, "an encoded value", lambda c: c.kind in ("hidden string", "hidden text")),
    (36, "a host", _of("endpoint")),
    (34, "an ability", _of("capability")),
    (30, "a variable is read", _of("read")),
    (26, "what it needs or how it is made", lambda c: c.kind in ("dependency", "installation", "publisher")),
    (20, "its size", _of("size")),
    (15, "a package inside", _of("package")),
    (10, "a text", lambda _: True),
)
