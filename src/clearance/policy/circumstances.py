"""What is known around a use, indexed: the knowledge base, the organisation, and what was established."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from functools import lru_cache

from clearance.model.decision import Answer
from clearance.model.knowledge import Colleague, Knowledge, KnownAssistant, KnownProvider, Organisation
from clearance.model.region import ListedState, Measure, Ownership, ProviderRule, Snapshot
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.ownership import ownership
from clearance.policy.regions import state_of
from clearance.policy.times import ALWAYS, begins, ends

UNKNOWN_TOOL = KnownAssistant(id="", title="", vendor="", source="-", seen="-")


@lru_cache(maxsize=4096)
def pattern(glob: str) -> re.Pattern[str]:
    """The pattern of a name with ``*``; nothing else in it is special: ``[1m]`` stands in names of models."""
    return re.compile(translate(glob.lower().replace("[", "[[]").replace("?", "[?]")))


def names(globs: Iterable[str], name: str) -> bool:
    """Whether one of the names with ``*`` fits, whatever the case."""
    lower = name.lower()
    return any(pattern(glob).match(lower) for glob in globs)


class Circumstances:
    """Facts, ready for many decisions. Built once; nothing in it changes but memories of what was worked out."""

    def __init__(self, knowledge: Knowledge, organisation: Organisation | None = None) -> None:
        self.knowledge = knowledge
        self.organisation = organisation or Organisation()
        self.silence = Answer.ASK if self.organisation.silence == "ask" else Answer.DENY
        self.assistants = _aliased(knowledge.assistants)
        self.schemes = {a.id: a.versioning for a in knowledge.assistants}
        self.providers = {p.id: p for p in knowledge.providers}
        self.entities = {e.id: e for e in self.organisation.entities}
        self.zones = {e.id: e.zone for e in self.organisation.entities}
        self.colleagues = {c.who: c for c in self.organisation.members}
        self.rules: Mapping[str, tuple[tuple[int, ProviderRule], ...]] = _rules(knowledge.rules)
        self.snapshots: Mapping[str, tuple[tuple[int, Snapshot], ...]] = _snapshots(knowledge.snapshots)
        self.measures: tuple[tuple[int, int, Measure], ...] = tuple(
            (begins(m.from_, m.zone, tightens=True), ends(m.until, m.zone, tightens=True), m)
            for m in knowledge.measures
        )
        self.boundaries = sorted(self._moments())
        self.established = {(e.condition, e.tool, e.version): e for e in self.organisation.established}
        self.judged: dict[object, object] = {}
        """Memory of rules already judged; ``policy.parties`` fills and bounds it."""
        self._owned: dict[tuple[str, str, float], Ownership] = {}

    def complete(self, use: Use) -> Use:
        """The use with what is known about its person, tool and model filled in."""
        person = self.colleagues.get(use.subject.who) if use.subject.who else None
        subject = _filled(use.subject, person) if person else use.subject
        tool = self.assistants.get(use.tool, UNKNOWN_TOOL).id or use.tool
        provider = use.provider or self.provider_of(use.model)
        if subject is use.subject and tool == use.tool and provider == use.provider:
            return use
        return Use(
            subject=subject,
            tool=tool,
            version=use.version,
            model=use.model,
            provider=provider,
            channel=use.channel,
            data_class=use.data_class,
        )

    def provider_of(self, model: str) -> str:
        """Who makes the model of that name; empty when nobody is known to."""
        found = [p.id for p in self.knowledge.providers if model and names(p.models, model)]
        return found[0] if found else ""

    def operator_of(self, channel: AccessChannel | None) -> KnownProvider | None:
        """Who runs a cloud channel; None for the maker's own and for the company's."""
        return next((p for p in self.knowledge.providers if channel is not None and channel in p.runs), None)

    def snapshot_of(self, provider: str, at: int) -> Snapshot | None:
        """The provider's list that counts at that instant."""
        return next((snapshot for since, snapshot in self.snapshots.get(provider, ()) if since <= at), None)

    def owned(self, entity: str, provider: str, threshold: float, at: int) -> Ownership:
        """How much of the company belongs to places that the provider does not list."""
        snapshot = self.snapshot_of(provider, at)
        key = (entity, snapshot.id if snapshot else "", threshold)
        if key not in self._owned:
            seats = {e.headquarters for e in self.organisation.entities if e.headquarters}
            places = {seat: state_of(snapshot, seat) if snapshot else ListedState.UNKNOWN for seat in seats}
            self._owned[key] = ownership(entity, self.entities, places, threshold)
        return self._owned[key]

    def holds(self, condition: str, tool: str, version: str) -> tuple[bool | None, str]:
        """Whether the condition holds and the evidence; None when nobody knows. What fails anywhere fails."""
        keys = ((condition, tool, version), (condition, tool, ""), (condition, "", ""))
        found = [self.established[key] for key in keys if key in self.established]
        worst = next((e for e in found if not e.holds), found[0] if found else None)
        return (worst.holds, worst.evidence) if worst else (None, "")

    def _moments(self) -> set[int]:
        found = {since for rules in self.rules.values() for since, _ in rules}
        found |= {since for snapshots in self.snapshots.values() for since, _ in snapshots}
        found |= {moment for start, end, _ in self.measures for moment in (start, end)}
        return found - {ALWAYS}


def _filled(subject: Subject, person: Colleague) -> Subject:
    return Subject(
        who=subject.who,
        entity=subject.entity or person.entity,
        country=subject.country or person.country,
        groups=subject.groups if subject.groups is not None else frozenset(person.groups),
        ring=subject.ring or person.ring,
    )


def _aliased(assistants: Iterable[KnownAssistant]) -> dict[str, KnownAssistant]:
    found = list(assistants)
    named = {alias: a for a in found for alias in a.aliases}
    return named | {a.id: a for a in found}


def _rules(rules: Iterable[ProviderRule]) -> dict[str, tuple[tuple[int, ProviderRule], ...]]:
    found: dict[str, list[tuple[int, ProviderRule]]] = {}
    for rule in sorted(rules, key=lambda r: r.id):
        found.setdefault(rule.provider, []).append((begins(rule.from_, "UTC", tightens=True), rule))
    return {provider: tuple(entries) for provider, entries in found.items()}


def _snapshots(snapshots: Iterable[Snapshot]) -> dict[str, tuple[tuple[int, Snapshot], ...]]:
    """By provider, the newest first."""
    found: dict[str, list[tuple[int, Snapshot]]] = {}
    for snapshot in snapshots:
        found.setdefault(snapshot.provider, []).append((begins(snapshot.from_, "UTC", tightens=True), snapshot))
    return {p: tuple(sorted(s, key=lambda e: (e[0], e[1].id), reverse=True)) for p, s in found.items()}
