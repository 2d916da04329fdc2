"""A session looked at as a whole: what came in, what is private, what goes out, and whether they come together."""

from clearance.detect.session.near_misses import NearMissBudget
from clearance.detect.session.session import Session
from clearance.detect.session.whole_calls import judge_span
from clearance.model.session import SessionScope, SessionSpan

__all__ = ["NearMissBudget", "Session", "SessionScope", "SessionSpan", "judge_span"]
