"""A text tells the agent to keep something from its user, or to send away what is secret."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.detect.contents.cues import acts_quietly, conceals, names_secrets, speaks_of_sending
from clearance.detect.contents.evidence import clear_or_gap, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_WHAT: Final = {
    "conceal": "keep something from its user",
    "quiet": "run something without a word",
    "send": "send secrets",
}
_SENTENCE: Final = re.compile(r"(?:[^.!?\n。！？]|[.!?](?=\S))+")
_PLACE: Final = re.compile(r"https?://|\b[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]")
"""Where something could go: without a place to send it to, keys and sending are what every manual speaks of."""
_WARNING: Final = re.compile(r"(?i)\b(?:never|do not|don't|avoid|must not|should not)\b|不要|切勿|禁止")


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High where an extension says it.

    Medium where it has something run without a word, joins secrets with sending, or a prompt says it of secrets.
    """
    found = list(_found(rule, contents))
    yield from found
    if not found:
        yield clear_or_gap(rule, contents, "No text tells an agent to keep something from its user.")


def _found(rule: Rule[Contents], contents: Contents) -> Iterator[Hit]:
    for extension in contents.extensions:
        for text in (extension.text, *extension.unseen):
            if (told := _told(text)) is not None:
                severity = Severity.HIGH if told[0] == "conceal" else Severity.MEDIUM
                yield _hit(
                    rule, severity, f"The {extension.kind.replace('-', ' ')} {extension.name}", extension.path, told
                )
                break
    for prompt in contents.prompts:
        match = conceals(prompt.text) if names_secrets(prompt.text) else None  # the quicker question first
        if match is not None and (sentence := _around(prompt.text, match)) and names_secrets(sentence):
            where = place(contents, prompt.place)
            yield _hit(rule, Severity.MEDIUM, f"The prompt {prompt.title[:40]!r}", where, ("conceal", sentence))


def _told(text: str) -> tuple[str, str] | None:
    if (match := conceals(text)) is not None:
        return "conceal", _around(text, match)
    if (match := acts_quietly(text)) is not None:
        return "quiet", _around(text, match)
    for sentence in _SENTENCE.findall(text):
        if not _PLACE.search(sentence) or _WARNING.search(sentence):
            continue
        if names_secrets(sentence) and speaks_of_sending(sentence):
            return "send", sentence.strip()
    return None


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 160) : match.end() + 160].split())


def _hit(rule: Rule[Contents], severity: Severity, who: str, where: str, told: tuple[str, str]) -> Hit:
    return Hit(
        rule=rule.id,
        severity=severity,
        confidence=Confidence.MEDIUM,
        title=f"{who} tells the agent to {_WHAT[told[0]]}",
        message=f"{where}: {told[1][:300]}",
        because=(shown(where, told[1]),),
        where=where,
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("conceals-from-its-user"),
    title="Nothing is kept from the user",
    why="An honest instruction can be shown to the person for whom the agent works.",
    advice="Read the text; leave the extension out unless its author explains the sentence.",
    atlas=("AML.T0051.001", "AML.T0110"),
    judge=judge,
)
