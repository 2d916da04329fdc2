"""A picture ends before its file does, and what follows is text, code or an archive."""

from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, listed
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Language, Member
from clearance.model.finding import Confidence, Evidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_BEHIND: Final = "behind-picture"
_OPAQUE: Final = 256
"""Bytes of something unknown from which on it is told."""


_NAMES: Final = {Language.NATIVE: "something unknown", Language.BYTECODE: "compiled code", Language.DATA: "data"}


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium for text, code, programs and archives; low for what cannot be read; other media are ordinary."""
    found = [(m, inner) for m in contents.members if m.how == _BEHIND and _counts(m, inner := _inside(m, contents))]
    for member, inner in found:
        kind = _NAMES.get(member.language, str(member.language))
        what = f"{len(inner)} files ({listed(inner, 3)})" if inner else f"{member.size} bytes of {kind}"
        readable = bool(inner) or member.language is not Language.NATIVE
        yield Hit(
            rule=rule.id,
            severity=Severity.MEDIUM if readable else Severity.LOW,
            confidence=Confidence.HIGH if readable else Confidence.MEDIUM,
            title="Data behind a picture",
            message=f"{member.path}: {what} follow the picture's end. No viewer shows them; a program can read them.",
            because=(Evidence(what=member.path, staged=what, note=f"{member.size} bytes"),),
            where=member.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No picture carries data behind its end.")


def _inside(member: Member, contents: Contents) -> tuple[str, ...]:
    """Names of what lies in a member."""
    begin = f"{member.path}!"
    return tuple(other.path.removeprefix(begin) for other in contents.members if other.path.startswith(begin))


def _counts(member: Member, inner: tuple[str, ...]) -> bool:
    if member.language is Language.MEDIA:
        return bool(inner)
    return bool(inner) or member.language is not Language.NATIVE or member.size >= _OPAQUE


RULE = Rule(
    id=RuleId("carries-data-behind-a-picture"),
    title="Pictures are pictures",
    why="Nobody reads a picture as a file; what lies behind its end is out of sight of people and most scanners.",
    advice="Look at what was found behind the picture, and at the code that opens it.",
    atlas=("AML.T0068",),
    judge=judge,
)
