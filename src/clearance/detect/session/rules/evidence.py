"""Spans of a session as evidence."""

from clearance.detect.session.moment import Echo, Moment
from clearance.model.finding import Evidence
from clearance.model.session import SessionStep


def shown(step: SessionStep) -> Evidence:
    """One of the three, by its span."""
    return Evidence(what=f"{step.leg}: span {step.number}, turn {step.turn}", staged=step.where[:240], note=step.how)


def echoed(echo: Echo, moment: Moment) -> Evidence:
    """What turned up again, and where it was first."""
    first = f"span {echo.step.number}, turn {echo.step.turn} ({echo.step.where[:120]})"
    return Evidence(what=f"again in span {moment.number}", baseline=first, staged=f"{echo.what} to {echo.where[:120]}")


def place(moment: Moment) -> str:
    """``span 12, turn 3``."""
    return f"span {moment.number}, turn {moment.span.turn}"
