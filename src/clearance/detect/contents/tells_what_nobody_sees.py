"""A skill, rules file or tool description tells the agent something that a reader of the page does not see."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.cues import (
    conceals,
    gives_orders,
    names_secrets,
    overrides,
    reads,
    runs_commands,
    speaks_of_sending,
)
from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.instructions import read_instructions
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
    """High where unseen text orders what harms the user, medium for other orders, low where it only stands there."""
    found = []
    for extension in contents.extensions:
        unseen = tuple(text for text in extension.unseen if not _ORDINARY.match(text) and len(text.strip()) >= 12)
        if unseen:
            found.append((extension, unseen))
    for extension, unseen in found:
        orders = [text for text in unseen if gives_orders(text)]
        harms = [text for text in orders if _harms(text)]
        orders = [*harms, *(text for text in orders if text not in harms)]
        yield Hit(
            rule=rule.id,
            severity=Severity.HIGH if harms else Severity.MEDIUM if orders else Severity.LOW,
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


def _harms(text: str) -> bool:
    """Whether an order sets others aside, is to be kept from the user, or does what no user asks for."""
    secrets = names_secrets(text) and (speaks_of_sending(text) or reads(text))
    return bool(overrides(text) or conceals(text) or secrets or runs_commands(text) or read_instructions(text).lines)


RULE = Rule(
    id=RuleId("tells-what-nobody-sees"),
    title="No instructions out of sight",
    why="An agent follows what it reads, comments included; a person approves what the rendered page shows.",
    advice="Read the raw file; leave the extension out if the hidden text directs the agent.",
    atlas=("AML.T0051.001", "AML.T0068"),
    judge=judge,
)
