"""The second judge: asked where the first are unsure, never twice for one thing, and never able to lift anything.

1. Ask only where there is a hit that is not yet a block, or a gap that keeps the verdict open.
2. Take secrets out of everything that is shown; where that is not certain, nothing is shown.
3. Ask once. What comes of it is added to the findings; none of them is changed or taken away.
4. No usable answer is said, with what holds then.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from clearance.detect.escalation.answer import Unusable, opinion
from clearance.detect.escalation.question import MOST_CALLS, SYSTEM, Context, question, reasons
from clearance.detect.escalation.redacting import NotRedacted, redacted
from clearance.detect.secrets import SecretJudge
from clearance.model.escalation import Escalation, EscalationFailure, SecondOpinion, SecondVerdict
from clearance.model.finding import Clear, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind

RULE: Final = RuleId("second-judge-blocks")
_TITLE: Final = "The second judge would not let it pass"
_ONLY_SECRETS: Final = (ThreatKind.SECRET,)


class Unanswered(Exception):  # noqa: N818 - what happened, not a fault
    """The endpoint gave no answer; the text says why."""


class Ask(Protocol):
    """Whoever has the network: sends a question, within the time limit, and gives back the body of the answer."""

    def __call__(self, system: str, text: str) -> bytes:
        """The body. Raises Unanswered."""
        ...


class SecondJudge:
    """Asks about spans that leave the first judges unsure; counts its questions.

    Args:
        nonce: gives 128 random bits in hex at each call.
        secrets: finds what must not be shown.
    """

    def __init__(self, escalation: Escalation, ask: Ask, nonce: Callable[[], str], secrets: SecretJudge) -> None:
        self._escalation, self._ask, self._nonce, self._secrets = escalation, ask, nonce, secrets
        self.asked = 0
        """Questions so far."""

    def judge(
        self, data: bytes, channel: SpanChannel, findings: Sequence[Finding], context: Context | None = None
    ) -> tuple[Finding, ...]:
        """What is to be added to ``findings``: a hit, a gap, a clear, or nothing where it need not be asked."""
        if not is_unsure(findings):
            return ()
        if self.asked >= self._escalation.most_calls:
            return self._failed(f"it was asked {self.asked} times already, which is the limit of one run")
        try:
            given = self._opinion(data, channel, tuple(findings), context or Context())
        except (NotRedacted, Unusable, Unanswered) as error:
            return self._failed(str(error))
        return _added(given, self._escalation.model)

    def _opinion(
        self, data: bytes, channel: SpanChannel, findings: tuple[Finding, ...], context: Context
    ) -> SecondOpinion:
        nonce = self._nonce()
        shown = Context(
            goal=redacted(_bytes(context.goal), SpanChannel.USER_PROMPT, self._secrets),
            calls=tuple(
                redacted(_bytes(call), SpanChannel.TOOL_CALL, self._secrets) for call in context.calls[-MOST_CALLS:]
            ),
        )
        told = redacted(_bytes(reasons(findings)), channel, self._secrets)
        text = question(redacted(data, channel, self._secrets), channel, shown, told, nonce)
        self.asked += 1
        return opinion(self._escalation, self._ask(SYSTEM, text), nonce)

    def _failed(self, why: str) -> tuple[Finding, ...]:
        failure = self._escalation.failure
        holds = {
            EscalationFailure.ASK: "A person has to decide.",
            EscalationFailure.BLOCK: "It is blocked.",
            EscalationFailure.IGNORE: "What the other judges say holds.",
        }[failure]
        gap = Gap(
            rule=RULE,
            title="The second judge did not answer",
            message=f"{why[:1].upper()}{why[1:300]}. {holds}",
            advice="Look at the endpoint, or decide by hand.",
            blocks_verdict=failure is not EscalationFailure.IGNORE,
        )
        return (gap, _blocked(why)) if failure is EscalationFailure.BLOCK else (gap,)


def is_unsure(findings: Sequence[Finding]) -> bool:
    """Whether the first judges leave it open: a hit below ``high`` or not certain, or a gap that blocks the verdict.

    What is blocked already is not asked about: the answer could change nothing. Secrets are certain by themselves.
    """
    hits = [each for each in findings if isinstance(each, Hit) and (each.span is None or not _is_secret(each))]
    if any(hit.severity.rank >= Severity.HIGH.rank and hit.confidence is Confidence.HIGH for hit in hits):
        return False
    return bool(hits) or any(isinstance(each, Gap) and each.blocks_verdict for each in findings)


def _is_secret(hit: Hit) -> bool:
    return hit.span is not None and hit.span.threat in _ONLY_SECRETS


def _added(given: SecondOpinion, model: str) -> tuple[Finding, ...]:
    match given.verdict:
        case SecondVerdict.NOTHING:
            return (Clear(rule=RULE, title=_TITLE, message="The second judge adds nothing; what others found stays."),)
        case SecondVerdict.ASK:
            return (
                Gap(
                    rule=RULE,
                    title="The second judge wants a person to decide",
                    message=given.reason or "It gave no reason.",
                    advice="Look at it before it is let through.",
                    blocks_verdict=True,
                ),
            )
        case SecondVerdict.BLOCK:
            return (
                Hit(
                    rule=RULE,
                    severity=Severity.HIGH,
                    confidence=Confidence.MEDIUM,
                    title=_TITLE,
                    message=given.reason or "It gave no reason.",
                    because=(Evidence(what=f"answer of {model[:80]}", staged=given.reason, note=given.verdict),),
                    advice="Do not let it through before a person has looked at it.",
                ),
            )


def _blocked(why: str) -> Hit:
    return Hit(
        rule=RULE,
        severity=Severity.HIGH,
        confidence=Confidence.LOW,
        title="Blocked because the second judge did not answer",
        message="The settings say that what is unsure is blocked then.",
        because=(Evidence(what="why there is no answer", note=why[:300]),),
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
