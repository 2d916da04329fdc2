"""What rules over a session see of one span, and what a rule is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from clearance.detect.session.calls import Call
from clearance.model.finding import Finding
from clearance.model.ids import RuleId
from clearance.model.session import SessionScope, SessionSpan, SessionStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """Something of an earlier span that turns up in this one."""

    step: SessionStep
    """The span that had it first."""
    what: str
    """In words: ``7 runs of five words``, ``the address https://…``; never a secret."""
    where: str
    """Where it turned up: the host, the tool."""
    kind: str = ""
    """``address``, ``mail address`` or ``path``; nothing for words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One span, with everything that was made of it. Rules judge it before the next one comes."""

    number: int
    span: SessionSpan
    scope: SessionScope
    findings: tuple[Finding, ...]
    """Of those who judged the span by itself; empty: nobody did."""
    call: Call | None
    steps: tuple[SessionStep, ...]
    """What of the three it puts there."""
    steered: tuple[Echo, ...] = ()
    """Text of untrusted spans in this call."""
    sources: str = ""
    """What of the call sets where packages or code come from, as text; empty: it sets nothing, or to a publisher."""
    carried: tuple[Echo, ...] = ()
    """Private material in what goes out with this span."""
    after_untrusted: SessionStep | None = None
    """The untrusted span that came in last, before this one."""
    asked: Callable[[str], bool] = lambda word: False  # noqa: ARG005 - nobody asked for anything yet
    """Whether a word, in lower case, stood in one of the user's prompts so far."""
    led: tuple[tuple[str, SessionStep], ...] = ()
    """Paths and addresses that this call is about and that only untrusted spans named before, with the span."""
    new_hosts: tuple[tuple[str, SessionStep | None], ...] = ()
    """Hosts of this call that neither the user nor an own file named before; with the untrusted span that did."""


class SessionRule(Protocol):
    """One claim about a session; keeps of it what it needs, bounded."""

    id: RuleId
    title: str

    def judge(self, moment: Moment) -> Iterable[Finding]:
        """What there is to tell at this span."""
        ...
