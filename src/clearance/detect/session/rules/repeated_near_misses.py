"""Many spans just under a threshold: somebody tries wordings, or one text is written to stay below."""

from collections import deque
from collections.abc import Iterator

from clearance.detect.session.moment import Moment
from clearance.detect.session.near_misses import NearMissBudget, NearMissTest
from clearance.detect.session.rules.evidence import place
from clearance.model.finding import Confidence, Evidence, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import ThreatKind

_KINDS = (ThreatKind.INJECTION, ThreatKind.JAILBREAK)


class RepeatedNearMisses:
    """Feeds every judged span to the test; keeps the last near misses as evidence."""

    id = RuleId("repeated-near-misses")
    title = "More spans just under a threshold than ordinary text gives"

    def __init__(self, budget: NearMissBudget) -> None:
        self._alpha = budget.alpha
        self._test = NearMissTest(budget)
        self._last: deque[Evidence] = deque(maxlen=8)

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit when near misses are more than chance gives."""
        if not moment.findings or any(isinstance(each, Gap) and each.blocks_verdict for each in moment.findings):
            return
        near = next((each for each in moment.findings if isinstance(each, Hit) and is_near_miss(each)), None)
        if near is not None:
            told = f"{place(moment)} ({moment.span.channel})"
            self._last.append(Evidence(what=told, staged=near.because[0].staged[:240], note=near.message[:240]))
        size = len(moment.span.text)
        found = self._test.observe(moment.span.channel, moment.span.turn, size, near_miss=near is not None)
        if found is None:
            return
        yield Hit(
            rule=self.id,
            severity=Severity.HIGH,
            confidence=Confidence.MEDIUM,
            title=self.title,
            message=f"The last {len(self._last)} are shown. In at most {self._alpha:.2%} of ordinary sessions, of any "
            f"length, this comes about by chance (evidence {found:.3g}).",
            because=tuple(self._last) or (Evidence(what=place(moment)),),
            where=place(moment),
            atlas=("AML.T0051", "AML.T0054"),
            advice="Look at these spans together: each by itself was let through.",
        )
        self._last.clear()


def is_near_miss(hit: Hit) -> bool:
    """Whether the models flag a window by the loose threshold only, and not as one that shows an attack."""
    return (
        hit.span is not None
        and hit.span.threat in _KINDS
        and hit.span.probability is not None
        and hit.severity is Severity.MEDIUM
    )
