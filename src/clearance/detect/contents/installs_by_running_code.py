"""Installing the release runs code of its own."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.commands import alarm
from clearance.detect.contents.evidence import clear_or_gap, listed, shown
from clearance.detect.contents.unasked import unasked_doing
from clearance.detect.contents.unasked_claim import UnaskedDoing
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Started, SupplyFact
from clearance.model.finding import Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId

_MOMENTS: Final = ("install", "prepare")
_PREPARED: Final = " npm runs it where the package is installed from git or a folder, and where its makers pack it."

Doing = tuple[Started, UnaskedDoing]


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for what no honest installer does, in a script or a file that it names; low for an install script as such.

    What ``prepare`` runs is a hit only where it does something of that kind.
    """
    doing = _doing(contents)
    found: list[Finding] = [
        _hit(rule, fact, doing.pop((fact.path, _said(fact)), []))
        for fact in contents.supply
        if fact.kind == "install-script"
    ]
    found += [_other(rule, told) for told in doing.values()]
    found += _cut(rule, contents)
    yield from found or [clear_or_gap(rule, contents, "Nothing is run when it is installed.")]


def _doing(contents: Contents) -> dict[tuple[str, str], list[Doing]]:
    """What is out of the ordinary, by the manifest and the script that it begins with."""
    found: dict[tuple[str, str], list[Doing]] = defaultdict(list)
    for started in contents.started:
        if started.moment in _MOMENTS and (what := unasked_doing(started)) is not None:
            found[started.origin, _kind(started.said)].append((started, what))
    return found


def _kind(said: str) -> str:
    """``preinstall`` of ``preinstall: node index.js``; ``build-backend``, ``setup.py``."""
    return said.partition(":")[0]


def _said(fact: SupplyFact) -> str:
    return _kind(fact.detail)


def _hit(rule: Rule[Contents], fact: SupplyFact, told: list[Doing]) -> Hit:
    what = "" if told else alarm(f"{fact.detail}\n{fact.text}")
    own = UnaskedDoing(severity=Severity.HIGH, what=what, shown=fact.text) if what else None
    worst = max((d for _, d in told), key=lambda d: d.severity.rank, default=own)
    return Hit(
        rule=rule.id,
        severity=worst.severity if worst else Severity.LOW,
        confidence=Confidence.HIGH,
        title=f"Installing {fact.subject} runs code",
        message=f"{fact.detail}{_sentence(told, worst)}.",
        because=(*_evidence(told), shown(fact.path or fact.subject, fact.text or fact.detail)),
        where=_where(told, fact.path),
        atlas=rule.atlas,
        advice=rule.advice,
    )


def _other(rule: Rule[Contents], told: list[Doing]) -> Hit:
    """Of something that is no install script as such."""
    first = told[0][0]
    prepared = first.moment == "prepare"
    when = "Installing it from git" if prepared else "Installing it"
    worst = max((d for _, d in told), key=lambda d: d.severity.rank)
    return Hit(
        rule=rule.id,
        severity=worst.severity,
        confidence=Confidence.HIGH,
        title=f"{when} runs code of {first.origin}",
        message=f"{first.said}{_sentence(told, worst)}.{_PREPARED if prepared else ''}",
        because=_evidence(told),
        where=_where(told, first.origin),
        atlas=rule.atlas,
        advice=rule.advice,
    )


def _sentence(told: list[Doing], worst: UnaskedDoing | None) -> str:
    if worst is None:
        return ""
    started = next((s for s, d in told if d is worst), None)
    if started is None or started.path == started.origin:
        return f": it {worst.what}"
    through = f" (through {listed(started.via, 3)})" if started.via else ""
    return f": {started.path}{through} {worst.what}"


def _evidence(told: list[Doing]) -> tuple[Evidence, ...]:
    by_weight = sorted(told, key=lambda row: -row[1].severity.rank)
    return tuple(shown(started.path, doing.shown, note=doing.what) for started, doing in by_weight[:5])


def _where(told: list[Doing], otherwise: str) -> str:
    return max(told, key=lambda row: row[1].severity.rank)[0].path if told else otherwise


def _cut(rule: Rule[Contents], contents: Contents) -> list[Finding]:
    cut = [s for s in contents.started if s.left_out and s.moment == "install" and s.dialect not in ("rust", "")]
    if not cut:
        return []
    names = listed([started.path for started in cut], 4)
    return [
        Gap(
            rule=rule.id,
            title="Not read as a whole: what runs at installation",
            message=f"{names}: {sum(s.left_out for s in cut)} characters in their middle were not followed.",
            advice="Read the files; they were looked at for code that they fetch or hide as a whole.",
        )
    ]


RULE = Rule(
    id=RuleId("installs-by-running-code"),
    title="Nothing runs at installation",
    why="An install script runs with the rights of whoever installs, before anybody has looked at the package.",
    advice="Install with scripts switched off (npm: --ignore-scripts) from a mirror that you have looked at.",
    atlas=("AML.T0010.001", "AML.T0011.001"),
    judge=judge,
)
