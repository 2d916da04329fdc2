"""What of a span a session did not look at: said, never left out."""

from collections.abc import Iterator
from typing import Final

from clearance.detect.session.moment import Moment
from clearance.detect.session.words import MOST_TEXT
from clearance.model.finding import Gap
from clearance.model.ids import RuleId
from clearance.model.session import place_of

RULE: Final = RuleId("session-not-all-seen")
_TOLD: Final = 3


def unread(moment: Moment) -> Iterator[Gap]:
    """One gap for a span of which something was not read or not compared."""
    reasons = list(moment.call.gaps) if moment.call else []
    if len(moment.span.text) > MOST_TEXT:
        reasons.append(
            f"It has {len(moment.span.text)} characters; {MOST_TEXT} of them, the first two thirds and the last third, "
            "are compared with other spans."
        )
    if not reasons:
        return
    more = f" And {len(reasons) - _TOLD} more." if len(reasons) > _TOLD else ""
    yield Gap(
        rule=RULE,
        title=f"Span {moment.number} was not all looked at",
        message=" ".join(reasons[:_TOLD]) + more,
        where=place_of(moment.number, moment.span.turn, moment.span.line),
        advice="What was not read may do anything; look at it where the session matters.",
    )
