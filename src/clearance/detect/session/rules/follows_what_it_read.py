"""Call after call is about paths and addresses that only untrusted content named."""

from collections import deque
from collections.abc import Iterator

from clearance.detect.session.masking import place_shown
from clearance.detect.session.moment import Moment
from clearance.detect.session.rules.evidence import place
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.session import SessionStep

_CALLS = 10
_ENOUGH = 4
"""Of the last ten calls, about different targets."""


class FollowsWhatItRead:
    """Holds what the last calls were about, as far as only untrusted content named it."""

    id = RuleId("follows-what-it-read")
    title = "Calls follow what was read instead of what was asked"

    def __init__(self) -> None:
        self._last: deque[tuple[int, tuple[tuple[str, SessionStep], ...]]] = deque(maxlen=_CALLS)

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit when enough of the last calls were led elsewhere; then counting begins anew."""
        if moment.call is None:
            return
        self._last.append((moment.number, moment.led))
        targets: dict[str, tuple[int, SessionStep]] = {}
        for number, led in self._last:
            for target, step in led[:1]:
                targets.setdefault(target, (number, step))
        if len(targets) < _ENOUGH:
            return
        self._last.clear()
        yield Hit(
            rule=self.id,
            severity=Severity.LOW,
            confidence=Confidence.LOW,
            title=self.title,
            message=f"{len(targets)} of the last {_CALLS} calls are about what only untrusted spans named.",
            because=tuple(
                Evidence(
                    what=f"span {number}", staged=place_shown(target), note=f"named by span {step.number}, {step.where}"
                )
                for target, (number, step) in targets.items()
            ),
            where=place(moment),
            atlas=("AML.T0051",),
            advice="Ask the person at the keyboard whether the work is still what was asked for.",
        )
