"""One session, span by span: what each span is, what it has to do with earlier ones, and what rules say of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from clearance.detect.commands.destinations import hosts_in, published, weight_of_host
from clearance.detect.session.bounded import Names
from clearance.detect.session.calls import CALLS, Call, operative, read_call, remembered, targets
from clearance.detect.session.echoes import PrivateText, UntrustedText, secrets_in
from clearance.detect.session.masking import MOST_SHOWN, place_shown, without
from clearance.detect.session.moment import Echo, Moment, SessionRule
from clearance.detect.session.near_misses import NearMissBudget
from clearance.detect.session.origins import brought_in, untrusted
from clearance.detect.session.private import private_data
from clearance.detect.session.recipients import recipients
from clearance.detect.session.rules import session_rules
from clearance.detect.session.sources import sources_set
from clearance.detect.session.unread import unread
from clearance.detect.session.ways import FETCHES, SEARCHES, ways_out
from clearance.detect.session.words import addresses, bounded, goal_words, hosts, mailboxes, paths
from clearance.model.finding import Finding
from clearance.model.session import Leg, SessionScope, SessionSpan, SessionStep
from clearance.model.threat import SpanChannel

_CALLS: Final = 512
"""Calls that may still be answered."""
_NAMES: Final = 16_384
_SOURCES: Final = "a setting of where packages or code come from"
_ANSWERS: Final = frozenset(
    {SpanChannel.FILE_RESULT, SpanChannel.WEB_RESULT, SpanChannel.COMMAND_RESULT, SpanChannel.MCP_RESULT}
)


class Session:
    """Keeps what matters of a session, bounded, and tells findings as they come about.

    Args:
        key: bytes that stay with the installation; secrets are remembered by digests under it.
        scope: what is known of the session before it begins.
        budget: what is expected of ordinary spans, for the test of near misses.
    """

    def __init__(self, key: bytes, scope: SessionScope | None = None, budget: NearMissBudget | None = None) -> None:
        self.scope = scope or SessionScope()
        self.rules: tuple[SessionRule, ...] = session_rules(budget or NearMissBudget())
        self.number = 0
        """Of the span that was fed last."""
        self._untrusted, self._private = UntrustedText(), PrivateText(key)
        self._calls: Names[tuple[Call, SessionStep | None]] = Names(_CALLS)
        self._brought: Names[int] = Names(_NAMES)
        self._asked: Names[int] = Names(_NAMES)
        self._own: Names[int] = Names(_NAMES)
        self._words: Names[int] = Names(_NAMES)
        self._addresses: Names[int] = Names(_NAMES)
        self._hosts: Names[int] = Names(_NAMES)
        self._last_call: tuple[Call, SessionStep | None] | None = None
        self._last_untrusted: SessionStep | None = None

    @property
    def held(self) -> int:
        """How many things are remembered of all spans so far; bounded."""
        own = (self._calls, self._brought, self._asked, self._own, self._words, self._addresses, self._hosts)
        return sum(len(each) for each in own) + self._untrusted.held + self._private.held

    def feed(self, span: SessionSpan, findings: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        """What the session tells at this span: hits and gaps, mostly nothing. Never raises on any text.

        ``findings`` are those of the judge of single spans; without any nobody judged it, and it does not count for the
        test of near misses. Time and memory of a call are bounded; they do not grow with the session.
        """
        self.number += 1
        secrets = secrets_in(span.text, findings)
        # Calls are read without the secrets in them: what is told of a call is taken from its text.
        masked = replace(span, text=without(span.text, secrets)) if secrets and span.channel in CALLS else span
        answered = self._answered(span) if span.channel in _ANSWERS else None
        moment = self._moment(masked, span.text, tuple(findings), answered)
        told = [finding for rule in self.rules for finding in rule.judge(moment)]
        told.extend(unread(moment))
        self._remember(moment, answered)
        return tuple(told)

    def _answered(self, span: SessionSpan) -> tuple[Call, SessionStep | None] | None:
        """The call of the same id; where answers have no ids, the last call."""
        return self._calls.get(span.call) if span.call else self._last_call

    def _moment(
        self,
        span: SessionSpan,
        whole: str,
        findings: tuple[Finding, ...],
        answered: tuple[Call, SessionStep | None] | None,
    ) -> Moment:
        call = read_call(span, self.scope)
        steps = tuple(self._steps(span, call, findings, answered))
        leaves = any(s.leg is Leg.WAY_OUT for s in steps) or self._searches(call)
        sources = sources_set(call, self.scope)
        place = _SOURCES if sources else _where(span, call)
        where = next((s.where for s in steps if s.leg is Leg.WAY_OUT), place)
        matters = call is not None and (bool(steps) or bool(call.reading.destinations) or bool(sources))
        steered = tuple(self._steered(span, call, sources, where)) if call and matters else ()
        carried = tuple(self._private.in_outbound(whole, where, findings)) if leaves else ()
        return Moment(
            number=self.number,
            span=span,
            scope=self.scope,
            findings=findings,
            call=call,
            steps=steps,
            steered=steered,
            sources=sources,
            carried=carried,
            after_untrusted=self._last_untrusted,
            asked=self._words.__contains__,
            led=tuple(self._led(call)) if call else (),
            new_hosts=tuple(self._new_hosts(call)) if call else (),
        )

    def _steered(self, span: SessionSpan, call: Call, sources: str, where: str) -> Iterator[Echo]:
        done = operative(span, call)
        text = f"{done}\n{sources}" if sources and not call.is_command else done
        return self._untrusted.in_call(text, recipients(call), where, self._asked)

    def _steps(
        self,
        span: SessionSpan,
        call: Call | None,
        findings: tuple[Finding, ...],
        answered: tuple[Call, SessionStep | None] | None,
    ) -> Iterator[SessionStep]:
        about = answered[0] if answered else None
        if found := untrusted(span, about, findings, self.scope, self._brought):
            yield self._step(Leg.UNTRUSTED, span, *found)
        if private := private_data(span, call, findings, self.scope):
            yield self._step(Leg.PRIVATE, span, *private)
        for way in ways_out(span, call, self.scope, self._known):
            yield self._step(Leg.WAY_OUT, span, *way)

    def _step(self, leg: Leg, span: SessionSpan, where: str, how: str) -> SessionStep:
        return SessionStep(
            leg=leg, number=self.number, turn=span.turn, where=place_shown(where), how=how[:MOST_SHOWN], line=span.line
        )

    def _known(self, address: str) -> bool:
        return address.rstrip("/") in self._addresses

    def _searches(self, call: Call | None) -> bool:
        return call is not None and not call.is_command and "search" in call.name.lower() and not call.server

    def _new_hosts(self, call: Call) -> Iterator[tuple[str, SessionStep | None]]:
        trusted = frozenset(self.scope.trusted_hosts)
        named = [h for _, text in call.texts for h in hosts(text[:4096])] if not call.is_command else []
        for host in dict.fromkeys((*call.reading.destinations, *named)):
            if host not in self._hosts and weight_of_host(host, trusted) >= 0 and not published(f"https://{host}/"):
                yield host, self._untrusted.named(host)

    def _led(self, call: Call) -> Iterator[tuple[str, SessionStep]]:
        """Targets that only untrusted spans named. Following links is what reading is: fetches do not count."""
        if not call.is_command and (FETCHES.search(call.name) or SEARCHES.search(call.name)):
            return
        for name in dict.fromkeys(targets(call)):
            # Strangers name a file as it lies in the project, assistants from the root on.
            forms = (name.rstrip("/"), name.rstrip("/").removeprefix(f"{self.scope.project.rstrip('/')}/"))
            step = next((found for form in forms if (found := self._untrusted.named(form)) is not None), None)
            if step is not None and not any(form in self._asked or form in self._own for form in forms):
                yield name, step

    def _remember(self, moment: Moment, answered: tuple[Call, SessionStep | None] | None) -> None:
        span, call = moment.span, moment.call
        by_leg = {step.leg: step for step in moment.steps}
        if span.channel is SpanChannel.USER_PROMPT:
            self._keep_wish(span.text)
        if (step := by_leg.get(Leg.UNTRUSTED)) is not None:
            self._last_untrusted = step
            self._untrusted.keep(span.text, step, hosts(bounded(span.text)))
        elif span.channel in _ANSWERS:
            for host in hosts(bounded(span.text)):
                self._hosts.set(host, self.number)
            for name in paths(bounded(span.text)):
                self._own.set(name, self.number)
        if span.channel not in (SpanChannel.TOOL_CALL, SpanChannel.COMMAND, SpanChannel.ASSISTANT_TEXT):
            for address in addresses(bounded(span.text)):
                self._addresses.set(address, self.number)
        self._keep_private(span, moment, by_leg.get(Leg.PRIVATE), answered)
        if call is not None:
            self._keep_call(span, call, by_leg.get(Leg.PRIVATE))

    def _keep_wish(self, text: str) -> None:
        text = bounded(text)
        for word in goal_words(text):
            self._words.set(word, self.number)
        for name in (*addresses(text), *paths(text), *mailboxes(text)):
            self._asked.set(name, self.number)
        for host in (*hosts(text), *(h for word in text.split()[:4096] for h in hosts_in(word.strip(".,;:()`'\"")))):
            self._hosts.set(host, self.number)

    def _keep_private(
        self,
        span: SessionSpan,
        moment: Moment,
        step: SessionStep | None,
        answered: tuple[Call, SessionStep | None] | None,
    ) -> None:
        """An answer is private where its call touched something private."""
        asked_for = answered[1] if answered else None
        if moment.call is not None:
            return
        if asked_for is not None:
            about = self._step(Leg.PRIVATE, span, asked_for.where, asked_for.how)
            self._private.keep(span.text, about, moment.findings, whole=True)
        elif step is not None:
            whole = span.channel in _ANSWERS and (span.private or "place" in step.how)
            self._private.keep(span.text, step, moment.findings, whole=whole)

    def _keep_call(self, span: SessionSpan, call: Call, private: SessionStep | None) -> None:
        self._last_call = (remembered(call), private)
        if span.call:
            self._calls.set(span.call, self._last_call)
        for name in brought_in(call):
            if name:
                self._brought.set(name, self.number)
        for host in call.reading.destinations:
            if self._last_untrusted is None:
                self._hosts.set(host, self.number)


def _where(span: SessionSpan, call: Call | None) -> str:
    return place_shown(span.where or (call.name if call else "") or span.tool or span.channel)
