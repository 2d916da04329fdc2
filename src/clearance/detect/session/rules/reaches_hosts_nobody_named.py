"""After untrusted content a call sends to, or runs what comes from, a host that the user never named."""

from collections.abc import Iterator

from clearance.detect.session.bounded import Bounded
from clearance.detect.session.masking import place_shown
from clearance.detect.session.moment import Moment
from clearance.detect.session.rules.evidence import place, shown
from clearance.model.command import SinkKind
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.session import Leg


class ReachesHosts:
    """Tells each host once."""

    id = RuleId("reaches-hosts-nobody-named")
    title = "A host that nobody named is reached after untrusted content"

    def __init__(self) -> None:
        self._told: Bounded[str, bool] = Bounded(4096)

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit for each new host of a call that sends, or runs what it fetches."""
        after, call = moment.after_untrusted, moment.call
        if after is None or call is None or not moment.new_hosts:
            return
        runs = any(flow.sink is not SinkKind.NETWORK for flow in call.reading.flows)
        if not runs and not any(step.leg is Leg.WAY_OUT for step in moment.steps):
            return
        for host, by in moment.new_hosts:
            if not self._told.first(host, value=True):
                continue
            named = f"Span {by.number} ({by.where[:120]}) names it." if by else "No earlier span names it."
            yield Hit(
                rule=self.id,
                severity=Severity.MEDIUM if by else Severity.LOW,
                confidence=Confidence.MEDIUM if by else Confidence.LOW,
                title=self.title,
                message=f"{place_shown(host)} is reached; neither the user nor a file of the project named it. {named}",
                because=(Evidence(what=place(moment), staged=place_shown(host)), shown(by or after)),
                where=place(moment),
                atlas=("AML.T0051",),
                advice="Ask the person at the keyboard whether that host is wanted.",
            )
