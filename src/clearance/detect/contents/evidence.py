"""What rules over contents show: where a thing is, and what it says."""

from collections.abc import Sequence

from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Where
from clearance.model.finding import Clear, Evidence, Finding, Gap

SHOWN = 1200
"""Characters of a text that evidence holds."""


def place(contents: Contents, where: Where) -> str:
    """``node_modules/tool/cli.js, byte 5183090``."""
    if where.member >= len(contents.members):
        return f"member {where.member}, byte {where.offset}"
    return f"{contents.members[where.member].path}, byte {where.offset}"


def shown(what: str, text: str, *, note: str = "") -> Evidence:
    """A text as evidence, cut."""
    cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return Evidence(what=what, staged=cut, note=note)


def clear_or_gap(rule: Rule[Contents], contents: Contents, message: str) -> Finding:
    """A Clear if there was anything to read, else a Gap: nobody looked is never clean."""
    if contents.read_bytes == 0:
        return Gap(
            rule=rule.id,
            title=rule.title,
            message="Nothing in the release could be read, so nothing was looked at.",
            advice="See the other gaps for the reason.",
            blocks_verdict=True,
        )
    return Clear(rule=rule.id, title=rule.title, message=message)


def listed(names: Sequence[str], most: int = 6) -> str:
    """``a, b and 4 more``."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
