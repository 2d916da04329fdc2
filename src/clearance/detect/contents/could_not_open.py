"""What static examination could not look into."""

from collections.abc import Iterable

from clearance.detect.rule import Rule
from clearance.model.contents import AN_INTERPRETER, Contents
from clearance.model.finding import Finding, Gap
from clearance.model.ids import RuleId

_SHARE = 0.5
"""Of the bytes that could have been read: above it the verdict cannot be clear."""
_MOST = 12


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """A gap for each thing, and one for the rest; a release of which most was not read has no verdict."""
    closed = sum(item.size for item in contents.unopened if item.reason != AN_INTERPRETER)
    blocks = closed > _SHARE * max(1, closed + contents.read_bytes)
    rows = sorted(contents.unopened, key=lambda item: (-item.size, item.path))
    for item in rows[:_MOST]:
        yield Gap(
            rule=rule.id,
            title="A part could not be looked into",
            message=f"{item.path}{f' ({item.size:,} bytes)' if item.size else ''}: {item.reason}",
            where=item.path,
            advice=rule.advice,
            blocks_verdict=blocks,
        )
    if len(rows) > _MOST:
        yield Gap(
            rule=rule.id,
            title="Parts could not be looked into",
            message=f"{len(rows) - _MOST} more, {sum(item.size for item in rows[_MOST:]):,} bytes, in the report.",
            advice=rule.advice,
            blocks_verdict=blocks,
        )


RULE = Rule(
    id=RuleId("could-not-open"),
    title="Everything could be looked into",
    why="What nobody looked at is not clean.",
    advice="Ask for the part in a form that can be read, or vet the release: the experiment needs no code.",
    atlas=(),
    judge=judge,
)
