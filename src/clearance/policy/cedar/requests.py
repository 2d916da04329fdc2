"""A use as a request to Cedar: what is known in the context, and what Cedar cannot compare worked out beforehand."""

from collections.abc import Iterable, Iterator

import msgspec

from clearance.model.decision import DecisionRecord
from clearance.model.use import Use
from clearance.policy.book import Book
from clearance.policy.cedar.labels import window_label
from clearance.policy.cedar.texts import stamp
from clearance.policy.circumstances import Circumstances
from clearance.policy.errors import PolicyError
from clearance.policy.parties import judge_parties
from clearance.policy.versions import fits, semver_numbers


class CedarId(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The name of an entity."""

    type: str
    id: str


class CedarEntity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entity, with what it belongs to."""

    uid: CedarId
    attrs: dict[str, str] = {}
    parents: tuple[CedarId, ...] = ()


class CedarRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Cedar is asked. The context has the attributes of the schema."""

    principal: CedarId
    action: CedarId
    resource: CedarId
    context: dict[str, object]
    entities: tuple[CedarEntity, ...]


def request(use: Use, book: Book, facts: Circumstances, at: int) -> CedarRequest:
    """The request for a use at an instant."""
    use = facts.complete(use)
    subject = use.subject
    groups = tuple(CedarId(type="Group", id=name) for name in sorted(subject.groups or ()))
    person, tool = CedarId(type="Person", id=subject.who), CedarId(type="Tool", id=use.tool)
    entities = (CedarEntity(uid=person, parents=groups), CedarEntity(uid=tool), *(CedarEntity(uid=g) for g in groups))
    return CedarRequest(
        principal=person,
        action=CedarId(type="Action", id="use"),
        resource=tool,
        context=_context(use, book, facts, at),
        entities=entities,
    )


def _context(use: Use, book: Book, facts: Circumstances, at: int) -> dict[str, object]:
    subject, country = use.subject, use.subject.country.partition("-")[0]
    known = {
        "who": subject.who,
        "entity": subject.entity,
        "country": country,
        "part": subject.country if subject.country != country else "",
        "ring": subject.ring,
        "model": use.model.lower(),
        "provider": use.provider,
        "channel": use.channel.value if use.channel else "",
        "dataClass": use.data_class,
    }
    scheme = facts.schemes.get(use.tool, "semver")
    numbers = semver_numbers(use.version) if use.version and scheme == "semver" else None
    context: dict[str, object] = {name: value for name, value in known.items() if value}
    if numbers is not None:
        context["version"] = dict(zip(("major", "minor", "patch"), numbers[0], strict=True)) | {
            "prerelease": numbers[1]
        }
    conditions = {text for entry in book.entries for text in entry.record.conditions}
    held = {text: facts.holds(text, use.tool, use.version)[0] for text in sorted(conditions)}
    return context | {
        "now": {"__extn": {"fn": "datetime", "arg": stamp(at)}},
        "versionKnown": bool(use.version) and fits(use.version, "*", tightens=True, scheme=scheme) is not None,
        "matches": sorted(_matches(use, scheme, (entry.record for entry in book.entries))),
        "groupsKnown": subject.groups is not None,
        "holds": [text for text, value in held.items() if value is True],
        "fails": [text for text, value in held.items() if value is False],
        "others": sorted(
            {because.rule for because in judge_parties(use, facts, at)[0] if because.says and not because.says.permits}
        ),
    }


def _matches(use: Use, scheme: str, records: Iterable[DecisionRecord]) -> Iterator[str]:
    for record in records:
        window, tightens = record.scope.versions, not record.kind.loosens
        if window and use.version and _fits(use.version, window, tightens, scheme):
            yield window_label(window, tightens=tightens)


def _fits(version: str, window: str, tightens: bool, scheme: str) -> bool:  # noqa: FBT001 - handed on
    try:
        return bool(fits(version, window, tightens=tightens, scheme=scheme))
    except PolicyError:
        return tightens
