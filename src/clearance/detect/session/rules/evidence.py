"""Spans of a session as evidence."""

from clearance.detect.session.moment import Echo, Moment
from clearance.model.finding import Evidence
from clearance.model.session import SessionStep, place_of


def shown(step: SessionStep) -> Evidence:
    """One of the three, by its span."""
    return Evidence(what=f"{step.leg}: {step.place}", staged=step.where[:240], note=step.how)


def echoed(echo: Echo, moment: Moment) -> Evidence:
    """What turned up again, and where it was first."""
    first = f"{echo.step.place} ({echo.step.where[:120]})"
    return Evidence(what=f"again in span {moment.number}", baseline=first, staged=f"{echo.what} to {echo.where[:120]}")


def place(moment: Moment) -> str:
    """``span 12, turn 3, line 40``."""
    return place_of(moment.number, moment.span.turn, moment.span.line)
