"""Untrusted content, private data and a way out come together in one session.

One of the three is ordinary, two are common. With all three, whoever wrote the untrusted content may have had the
assistant send the private data. The alarm comes once when the last of the three comes, and again only when it becomes
worse: when the untrusted content is seen to steer or reads like orders, and when private data really goes out.
"""

from collections.abc import Iterator

from clearance.detect.session.moment import Echo, Moment
from clearance.detect.session.rules.evidence import echoed, place, shown
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.session import Leg, SessionStep
from clearance.model.threat import ThreatKind

_ORDERS = (ThreatKind.INJECTION, ThreatKind.HIDDEN_TEXT)


class ThreeComeTogether:
    """Holds the latest span of each of the three."""

    id = RuleId("untrusted-private-and-way-out")
    title = "Untrusted content, private data and a way out come together"

    def __init__(self) -> None:
        self._held: dict[Leg, SessionStep] = {}
        self._orders: SessionStep | None = None
        self._steered: tuple[Echo, Moment] | None = None
        self._told: Severity | None = None

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit when the three are complete, and when that becomes worse."""
        complete_before = len(self._held) == len(Leg)
        for step in reversed(moment.steps):
            self._held[step.leg] = step
        self._weigh(moment)
        if len(self._held) < len(Leg):
            return
        severity = self._severity(moment)
        if self._told is None or severity.rank > self._told.rank:
            self._told = severity
            yield self._hit(moment, severity, raised=complete_before)

    def _weigh(self, moment: Moment) -> None:
        came = next((step for step in moment.steps if step.leg is Leg.UNTRUSTED), None)
        if came is not None and self._orders is None and _reads_like_orders(moment):
            self._orders = came
        acts = any(step.leg is not Leg.UNTRUSTED for step in moment.steps)
        if self._steered is None and moment.steered and acts:
            self._steered = (moment.steered[0], moment)

    def _severity(self, moment: Moment) -> Severity:
        if moment.carried:
            return Severity.CRITICAL
        return Severity.HIGH if self._orders is not None or self._steered is not None else Severity.MEDIUM

    def _hit(self, moment: Moment, severity: Severity, *, raised: bool) -> Hit:
        steps = sorted(self._held.values(), key=lambda step: step.number)
        how = "was there before; this span made it worse" if raised else "completed it"
        last = next((step for step in steps if step.number == moment.number), steps[-1])
        parts = [f"Span {moment.number} ({last.leg}: {last.how}) {how}."]
        if moment.carried:
            parts.append("Private data goes out with it.")
        elif self._steered is not None:
            parts.append("The untrusted content says what a later call does.")
        elif self._orders is not None:
            parts.append(f"The untrusted content in span {self._orders.number} reads like orders.")
        else:
            parts.append("Nothing shows that data flows from one to the other.")
        return Hit(
            rule=self.id,
            severity=severity,
            confidence=Confidence.LOW if severity is Severity.MEDIUM else Confidence.HIGH,
            title=self.title,
            message=" ".join(parts),
            because=(*(shown(step) for step in steps), *self._proof(moment)),
            where=place(moment),
            atlas=("AML.T0051", "AML.T0025"),
            advice="Ask the person at the keyboard before anything goes out; or begin a new session for what sends.",
        )

    def _proof(self, moment: Moment) -> tuple[Evidence, ...]:
        steered = (echoed(self._steered[0], self._steered[1]),) if self._steered is not None else ()
        return (*(echoed(echo, moment) for echo in moment.carried[:3]), *steered)


def _reads_like_orders(moment: Moment) -> bool:
    return any(
        isinstance(each, Hit)
        and each.span is not None
        and each.span.threat in _ORDERS
        and each.severity.rank >= Severity.HIGH.rank
        for each in moment.findings
    )
