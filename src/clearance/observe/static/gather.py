"""Facts of many members put together: the same thing seen in many places is one fact with a count."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import msgspec

from clearance.model.contents import (
    MOST_PLACES,
    BundledPackage,
    Capability,
    CompiledCode,
    Contents,
    Dependency,
    Endpoint,
    EnvironmentRead,
    Extension,
    HiddenString,
    HiddenText,
    Prompt,
    SupplyFact,
    Where,
)

Fact = TypeVar("Fact")


class MemberFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one member, or several, showed."""

    endpoints: tuple[Endpoint, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    reads: tuple[EnvironmentRead, ...] = ()
    hidden_strings: tuple[HiddenString, ...] = ()
    hidden_texts: tuple[HiddenText, ...] = ()
    compiled: tuple[CompiledCode, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    packages: tuple[BundledPackage, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    supply: tuple[SupplyFact, ...] = ()
    extensions: tuple[Extension, ...] = ()


def gathered(parts: Sequence[MemberFacts]) -> MemberFacts:
    """One ``MemberFacts`` of all, every list in a fixed order; counts of the same thing are the earlier part's."""
    return MemberFacts(
        endpoints=_counted(
            (e for p in parts for e in p.endpoints), lambda e: (e.host, e.scheme, e.port), _joined_endpoint
        ),
        prompts=_first((x for p in parts for x in p.prompts), lambda x: x.sha256, lambda x: x.place),
        reads=_counted((r for p in parts for r in p.reads), lambda r: (r.kind, r.name), _joined_read),
        hidden_strings=_first(
            (h for p in parts for h in p.hidden_strings), lambda h: (h.layers, h.text), lambda h: h.place
        ),
        hidden_texts=_counted(
            (h for p in parts for h in p.hidden_texts),
            lambda h: (h.kind, h.where, h.decoded, h.code_points),
            _joined_text,
        ),
        compiled=_once((c for p in parts for c in p.compiled), lambda c: c.member),
        capabilities=_counted(
            (c for p in parts for c in p.capabilities), lambda c: (c.kind, c.detail), _joined_capability
        ),
        packages=_once((x for p in parts for x in p.packages), lambda x: (x.ecosystem, x.name, x.version)),
        dependencies=_once((x for p in parts for x in p.dependencies), lambda x: (x.path, x.name, x.wanted, x.kind)),
        supply=_once((x for p in parts for x in p.supply), lambda x: (x.kind, x.subject, x.detail, x.path)),
        extensions=_once((x for p in parts for x in p.extensions), lambda x: (x.path, x.kind, x.name, x.text)),
    )


def moved(facts: MemberFacts, to: Callable[[int], int]) -> MemberFacts:
    """Facts of a stretch, or of a text in another encoding: ``to`` says where in the member an offset is."""

    def there(places: tuple[Where, ...]) -> tuple[Where, ...]:
        return tuple(Where(member=w.member, offset=to(w.offset)) for w in places)

    change = msgspec.structs.replace
    return change(
        facts,
        endpoints=tuple(change(e, places=there(e.places)) for e in facts.endpoints),
        prompts=tuple(change(p, place=there((p.place,))[0]) for p in facts.prompts),
        reads=tuple(change(r, places=there(r.places)) for r in facts.reads),
        hidden_strings=tuple(change(h, place=there((h.place,))[0]) for h in facts.hidden_strings),
        hidden_texts=tuple(change(h, places=there(h.places)) for h in facts.hidden_texts),
        capabilities=tuple(change(c, places=there(c.places)) for c in facts.capabilities),
        extensions=tuple(change(e, offset=to(e.offset)) if e.offset >= 0 else e for e in facts.extensions),
    )


def with_facts(contents: Contents, facts: MemberFacts) -> Contents:
    """The contents with these facts in place of its own."""
    return msgspec.structs.replace(contents, **{name: getattr(facts, name) for name in facts.__struct_fields__})


def _counted(
    facts: Iterable[Fact], key: Callable[[Fact], Hashable], join: Callable[[Fact, Fact], Fact]
) -> tuple[Fact, ...]:
    found: dict[Hashable, Fact] = {}
    for fact in facts:
        known = found.get(key(fact))
        found[key(fact)] = fact if known is None else join(known, fact)
    return tuple(found[k] for k in sorted(found, key=str))


def _first(facts: Iterable[Fact], key: Callable[[Fact], Hashable], place: Callable[[Fact], Where]) -> tuple[Fact, ...]:
    found: dict[Hashable, Fact] = {}
    for fact in sorted(facts, key=lambda f: (place(f).member, place(f).offset)):
        found.setdefault(key(fact), fact)
    return tuple(found.values())


def _once(facts: Iterable[Fact], key: Callable[[Fact], Hashable]) -> tuple[Fact, ...]:
    found: dict[Hashable, Fact] = {}
    for fact in facts:
        found.setdefault(key(fact), fact)
    return tuple(found[k] for k in sorted(found, key=str))


def _places(one: tuple[Where, ...], other: tuple[Where, ...]) -> tuple[Where, ...]:
    return tuple(sorted((*one, *other), key=lambda w: (w.member, w.offset))[:MOST_PLACES])


def _joined_endpoint(one: Endpoint, other: Endpoint) -> Endpoint:
    paths = tuple(dict.fromkeys((*one.paths, *other.paths)))[:10]
    purpose = one.purpose or other.purpose
    return msgspec.structs.replace(
        one, paths=paths, purpose=purpose, count=one.count + other.count, places=_places(one.places, other.places)
    )


def _joined_read(one: EnvironmentRead, other: EnvironmentRead) -> EnvironmentRead:
    near, far = sorted((one, other), key=lambda r: (r.distance < 0, r.distance))
    return msgspec.structs.replace(
        near, count=one.count + other.count, places=(*near.places, *far.places)[:MOST_PLACES]
    )


def _joined_text(one: HiddenText, other: HiddenText) -> HiddenText:
    return msgspec.structs.replace(
        one,
        count=one.count + other.count,
        runs=one.runs + other.runs,
        longest=max(one.longest, other.longest),
        places=_places(one.places, other.places),
    )


def _joined_capability(one: Capability, other: Capability) -> Capability:
    return msgspec.structs.replace(one, count=one.count + other.count, places=_places(one.places, other.places))
