"""Working in the folder runs what nobody expects: git, make, cargo, pytest, direnv, an editor or an assistant do."""

from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, listed, shown
from clearance.detect.contents.unasked import unasked_doing
from clearance.detect.contents.unasked_claim import STAYS, UnaskedDoing
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Started
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_WHEN: Final = {
    "start": "Starting Python",
    "hook": "An assistant's hook",
    "open": "Opening the folder",
    "git": "Using git in the folder",
    "shell": "Entering the folder",
    "build": "Building it",
    "test": "Running its tests",
}

_ASKED: Final = ("build", "test")


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for what fetches and runs, hides, takes secrets or stays; what is ordinary there is context and no hit.

    What is only unusual is medium, and no hit in a build or a test, which somebody asks for; nor is a service that a
    makefile installs. A command line that an extension's settings hold is another rule's; the files that it names are
    this one's.
    """
    found: dict[tuple[str, str], tuple[Started, UnaskedDoing]] = {}
    for started in contents.started:
        extension = started.moment in ("hook", "open") and started.path == started.origin
        if started.moment not in _WHEN or extension or (doing := unasked_doing(started)) is None:
            continue
        if started.moment not in _ASKED or (doing.severity is Severity.HIGH and doing.what != STAYS):
            found.setdefault((started.origin, started.path), (started, doing))
    for started, doing in found.values():
        yield _hit(rule, started, doing)
    if not found:
        yield clear_or_gap(rule, contents, "Nothing that working in its folder runs is out of the ordinary.")


def _hit(rule: Rule[Contents], started: Started, doing: UnaskedDoing) -> Hit:
    through = f", through {listed(started.via, 3)}" if started.via else ""
    named = "" if started.path == started.origin else f" {started.origin} names it{through}."
    return Hit(
        rule=rule.id,
        severity=doing.severity,
        confidence=Confidence.HIGH,
        title=f"{_WHEN[started.moment]} runs {started.path}",
        message=f"{started.said}: it {doing.what}.{named}",
        because=(shown(started.path, doing.shown, note=doing.what),),
        where=started.path,
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("runs-when-opened"),
    title="Working in the folder runs nothing odd",
    why="Git, make, cargo, pytest and editors run files of a folder for whoever works in it, mostly unread.",
    advice="Read the file before you work in the folder; clone without the settings that run it.",
    atlas=("AML.T0010.001", "AML.T0011"),
    judge=judge,
)
