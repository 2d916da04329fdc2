"""A text has the agent decode something and follow it, so that nobody who reads the text knows what it says."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.cues import has_decoded_and_followed
from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.contents.unasked import command_doing
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Extension
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_ENCODED: Final = re.compile(
    r"(?<![\w+/=-])(?=[A-Za-z+/]{0,400}\d|[^\n]{0,400}=)[A-Za-z0-9+/]{32,}={0,2}(?![\w+/-])"
    r"|\b(?:[0-9a-f]{2}[ :]?){24,}|(?:\\x[0-9a-f]{2}){12}",
    re.IGNORECASE,
)
_TICKED: Final = re.compile(r"`([^`]+)`")
_DECODES: Final = re.compile(
    r"base64|xxd|b64decode|atob|openssl|\bbase32\b|rot13|tr\s+['\"]?a-z|printf|fromhex|unhexlify", re.IGNORECASE
)
_MOST_LINES: Final = 200
_LONGEST: Final = 2000


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High where the encoded text stands there too, or a command line does it; medium where it is only spoken of."""
    found = [hit for extension in contents.extensions if (hit := _told(rule, extension)) is not None]
    yield from found
    if not found:
        yield clear_or_gap(rule, contents, "No text has an agent decode something and follow it.")


def _told(rule: Rule[Contents], extension: Extension) -> Hit | None:
    for text in (extension.text, *extension.unseen):
        for match in has_decoded_and_followed(text):
            around = text[max(0, match.start() - 300) : match.end() + 1200]
            severity = Severity.HIGH if _ENCODED.search(around) else Severity.MEDIUM
            return _hit(
                rule,
                extension,
                severity,
                " ".join(text[match.start() - 80 if match.start() > 80 else 0 : match.end() + 160].split()),
            )
        if line := _command(text):
            return _hit(rule, extension, Severity.HIGH, line)
    return None


def _command(text: str) -> str:
    """A command line of the text that runs what it decodes; empty when there is none."""
    lines = [line.strip(" \t>`$") for line in text.splitlines() if len(line) <= _LONGEST and _DECODES.search(line)]
    for line in lines[:_MOST_LINES]:
        for command in (line, *(match[1] for match in _TICKED.finditer(line))):
            doing = command_doing(command)
            if doing is not None and doing.what == "runs what was encoded":
                return command
    return ""


def _hit(rule: Rule[Contents], extension: Extension, severity: Severity, sentence: str) -> Hit:
    return Hit(
        rule=rule.id,
        severity=severity,
        confidence=Confidence.MEDIUM,
        title=f"The {extension.kind.replace('-', ' ')} {extension.name} has the agent decode something and follow it",
        message=f"{extension.path}: {sentence[:300]}",
        because=(shown(extension.path, sentence),),
        where=extension.path,
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("has-the-agent-decode"),
    title="Nothing is to be decoded and followed",
    why="An instruction that has to be decoded first was written so that those who approve the text do not read it.",
    advice="Decode it and read it before the agent does; leave the extension out unless its author explains it.",
    atlas=("AML.T0051.001", "AML.T0068"),
    judge=judge,
)
