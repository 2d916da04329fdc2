"""Who is affected when facts change: the same uses decided with the facts of before and of after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from clearance.model.decision import Decision
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.book import Book
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.times import NEVER, as_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A use whose answer or conditions differ."""

    use: Use
    at: datetime
    """The first of the moments looked at from which it differs."""
    before: Decision
    after: Decision

    @property
    def loosens(self) -> bool:
        """Whether more would be permitted than before."""
        return self.after.answer.strictness < self.before.answer.strictness


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Records and facts, before and after."""

    book_before: Book
    before: Circumstances
    book_after: Book
    after: Circumstances


def affected(uses: Iterable[Use], sides: Sides, since: int) -> Iterator[Affected]:
    """Uses whose answer differs at ``since`` or at a later boundary of either side's facts."""
    boundaries = {*sides.before.boundaries, *sides.after.boundaries}
    moments = [since, *sorted(moment for moment in boundaries if since < moment < NEVER)]
    for use in uses:
        for moment in moments:
            at = as_datetime(moment)
            before = decide(use, sides.book_before, sides.before, at, ahead=False)
            after = decide(use, sides.book_after, sides.after, at, ahead=False)
            if (before.answer, before.conditions) != (after.answer, after.conditions):
                yield Affected(use=use, at=at, before=before, after=after)
                break


def known_uses(facts: Circumstances) -> Iterator[Use]:
    """Uses that the organisation may have: its members, else its entities, with each tool, provider and channel."""
    seen: set[tuple[str, str, frozenset[str], str]] = set()
    for subject in _subjects(facts):
        key = (subject.entity, subject.country, subject.groups or frozenset(), subject.ring)
        if key in seen:
            continue
        seen.add(key)
        for tool in sorted(facts.schemes):
            for provider in facts.knowledge.providers:
                for channel in _channels(facts, provider.id) if provider.models else ():
                    model = provider.models[0].replace("*", "")
                    yield Use(subject=subject, tool=tool, model=model, provider=provider.id, channel=channel)


def _subjects(facts: Circumstances) -> Iterator[Subject]:
    organisation = facts.organisation
    for member in organisation.members:
        yield Subject(
            who=member.who, entity=member.entity, country=member.country, groups=frozenset(member.groups),
            ring=member.ring,
        )  # fmt: skip
    if not organisation.members:
        for entity in organisation.entities:
            yield Subject(entity=entity.id, country=entity.headquarters, groups=frozenset())


def _channels(facts: Circumstances, provider: str) -> tuple[AccessChannel, ...]:
    rules = [rule for _, rule in facts.rules.get(provider, ())]
    named = {channel for rule in rules for channel in rule.channels}
    return tuple(sorted({AccessChannel.VENDOR_API, *named}))
