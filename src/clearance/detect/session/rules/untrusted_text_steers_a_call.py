"""What untrusted content says, or an address or path in it, stands in a call that matters.

Those are calls that send or touch private data, and those that set where packages and code come from.
"""

from collections.abc import Iterator

from clearance.detect.session.bounded import Bounded
from clearance.detect.session.moment import Echo, Moment
from clearance.detect.session.rules.evidence import echoed, place, shown
from clearance.detect.session.words import hosts
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.session import Leg


class UntrustedTextSteers:
    """Tells each untrusted span and place once."""

    id = RuleId("untrusted-text-steers-a-call")
    title = "A call does what untrusted content says"

    def __init__(self) -> None:
        self._told: Bounded[tuple[int, str], bool] = Bounded(4096)
        self._followed: Bounded[int, bool] = Bounded(4096)
        """Untrusted spans that only named what a call went to, by their numbers."""

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit for a call that matters and repeats what the user did not ask for."""
        for _, step in moment.led:
            self._followed.set(step.number, value=True)
        acts = [step for step in moment.steps if step.leg is not Leg.UNTRUSTED]
        # Of a call that only sets an address it matters whose address that is, not in which words.
        echoes = moment.steered if acts else [e for e in moment.steered if moment.sources and e.kind == "address"]
        fresh = [echo for echo in echoes if self._told.first((echo.step.number, echo.where), value=True)]
        if not fresh:
            return
        graver = len({step.leg for step in acts}) == 2 or bool(moment.sources) or self._forwards(fresh)
        yield Hit(
            rule=self.id,
            severity=Severity.HIGH if graver else Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            title=self.title,
            message=f"Span {moment.number} repeats {fresh[0].what} of span {fresh[0].step.number} "
            f"({fresh[0].step.where[:120]}), which the user did not name.",
            because=(
                *(echoed(echo, moment) for echo in fresh[:4]),
                *(shown(step) for step in acts[:2]),
                *_sources(moment),
            ),
            where=place(moment),
            atlas=("AML.T0051",),
            advice="Ask the person at the keyboard whether this call is wanted.",
        )

    def _forwards(self, echoes: list[Echo]) -> bool:
        """Whether a mail goes to whom a span named that also said which file a call opened. To answer is usual."""
        return any(echo.kind == "mail address" and echo.step.number in self._followed for echo in echoes)


def _sources(moment: Moment) -> tuple[Evidence, ...]:
    """Hosts from which packages or code would come."""
    if not moment.sources:
        return ()
    told = ", ".join(hosts(moment.sources)[:4])
    return (Evidence(what="where packages or code come from", staged=told[:240], note="a call sets it"),)
