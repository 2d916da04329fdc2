"""A skill, rules file or tool description tells the agent something that a reader of the page does not see."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.cues import gives_orders
from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_ORDINARY: Final = re.compile(
    r"\A\W*(?:TODO|FIXME|NOTE TO (?:SELF|EDITORS)|prettier-ignore|markdownlint|eslint|toc|/?toc|spdx|copyright|begin"
    r"|end|start|stop|vale|cspell|textlint|omit in toc|ALL-CONTRIBUTORS|badges?|doctoc|generated|auto-generated)\b",
    re.IGNORECASE,
)


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High where the unseen text gives orders; low where it only stands there."""
    found = []
    for extension in contents.extensions:
        unseen = tuple(text for text in extension.unseen if not _ORDINARY.match(text) and len(text.strip()) >= 12)
        if unseen:
            found.append((extension, unseen))
    for extension, unseen in found:
        orders = [text for text in unseen if gives_orders(text)]
        yield Hit(
            rule=rule.id,
            severity=Severity.HIGH if orders else Severity.LOW,
            confidence=Confidence.MEDIUM,
            title=f"The {extension.kind.replace('-', ' ')} {extension.name} says what a reader does not see",
            message=f"{extension.path} holds {len(unseen)} texts for the agent that its rendered page does not show.",
            because=tuple(
                shown(extension.path, text) for text in (*orders, *(t for t in unseen if t not in orders))[:6]
            ),
            where=extension.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "Nothing is told to an agent that a reader does not see.")


RULE = Rule(
    id=RuleId("tells-what-nobody-sees"),
    title="No instructions out of sight",
    why="An agent follows what it reads, comments included; a person approves what the rendered page shows.",
    advice="Read the raw file; leave the extension out if the hidden text directs the agent.",
    atlas=("AML.T0051.001", "AML.T0068"),
    judge=judge,
)
