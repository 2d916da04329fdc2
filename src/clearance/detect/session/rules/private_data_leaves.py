"""Something of a private span turns up in what goes out, as it is or in a code."""

from collections.abc import Iterator

from clearance.detect.session.bounded import Bounded
from clearance.detect.session.moment import Moment
from clearance.detect.session.rules.evidence import echoed, place
from clearance.model.finding import Confidence, Hit, Severity
from clearance.model.ids import RuleId


class PrivateDataLeaves:
    """Tells each private span and destination once."""

    id = RuleId("private-data-leaves")
    title = "Private data goes out"

    def __init__(self) -> None:
        self._told: Bounded[tuple[int, str], bool] = Bounded(4096)

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """One hit for all that this span carries and that was not told before."""
        fresh = [echo for echo in moment.carried if self._told.first((echo.step.number, echo.where), value=True)]
        if not fresh:
            return
        asked = not moment.new_hosts and moment.after_untrusted is None
        yield Hit(
            rule=self.id,
            severity=Severity.MEDIUM if asked else Severity.HIGH if not moment.after_untrusted else Severity.CRITICAL,
            confidence=Confidence.HIGH,
            title=self.title,
            message=f"{fresh[0].what} of span {fresh[0].step.number} ({fresh[0].step.where[:120]}) goes to "
            f"{fresh[0].where[:120]} with span {moment.number}."
            + (" Untrusted content came in before." if moment.after_untrusted else ""),
            because=tuple(echoed(echo, moment) for echo in fresh[:6]),
            where=place(moment),
            atlas=("AML.T0025", "AML.T0055"),
            advice="Stop it; have what left replaced where it was given out.",
        )
