"""Whether a second judge is asked, what it is shown, how its answer is read, and that it can only add."""

from clearance.detect.escalation.judge import Ask, SecondJudge, Unanswered
from clearance.detect.escalation.question import Context

__all__ = ["Ask", "Context", "SecondJudge", "Unanswered"]
