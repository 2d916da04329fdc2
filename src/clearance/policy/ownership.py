"""Who owns a company, through chains, and how much of that sits in places that are not listed.

Two measures, because terms say "directly or indirectly" and not how it is counted:

- *shares*: percentages multiplied along a chain; 60 % of 60 % is 36 %.
- *control*: whoever holds more than the threshold of an owner counts as that owner; 60 % of 60 % is 60 %.

Both are the smallest numbers that fit what is known, so that companies which hold each other add nothing. What may come
on top, because owners or their seats are not known, is told beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clearance.model.region import LegalEntity, ListedState, Ownership

_ROUNDS = 400
_CLOSE = 1e-9


@dataclass(slots=True, kw_only=True)
class _Known:
    """For one company, per cent by each measure: in places not listed, and in places listed."""

    shares: float = 0.0
    control: float = 0.0
    clean: float = 0.0
    clean_control: float = 0.0


def ownership(
    entity: str, entities: Mapping[str, LegalEntity], places: Mapping[str, ListedState], threshold: float = 50.0
) -> Ownership:
    """How much of ``entity`` belongs to companies in places that are not listed.

    Args:
        places: the state of every headquarters' country.
        threshold: above this percentage of an owner somebody counts as that owner.
    """
    if entity not in entities:
        return Ownership(control=0.0, shares=0.0, unknown=100.0, chain=(f"{entity or 'the entity'}: owners not known",))
    known = {name: _Known() for name in entities}
    for _ in range(_ROUNDS):
        if not any(_step(found, entities[name], known, entities, places, threshold) for name, found in known.items()):
            break
    own = known[entity]
    unknown = max(0.0, 100.0 - max(own.shares, 0.0) - own.clean, 100.0 - own.control - own.clean_control)
    return Ownership(
        control=round(own.control, 6),
        shares=round(own.shares, 6),
        unknown=round(unknown, 6) if unknown > 1e-6 else 0.0,
        chain=_heaviest(entity, entities, known, places),
    )


def exceeds(owned: Ownership, threshold: float, measure: str) -> bool | None:
    """Whether more than ``threshold`` per cent is in places not listed; None: it depends on what is not known."""
    most = {"control": owned.control, "shares": owned.shares}.get(measure, max(owned.control, owned.shares))
    if most > threshold:
        return True
    return None if most + owned.unknown > threshold else False


def _step(
    found: _Known,
    company: LegalEntity,
    known: Mapping[str, _Known],
    entities: Mapping[str, LegalEntity],
    places: Mapping[str, ListedState],
    threshold: float,
) -> bool:
    """One round for one company; whether a number grew."""
    shares = control = clean = clean_control = 0.0
    if company.independent or sum(owner.percent for owner in company.owners) > 100.0 + _CLOSE:
        clean = clean_control = 100.0 if company.independent else 0.0
    for owner in company.owners if sum(o.percent for o in company.owners) <= 100.0 + _CLOSE else ():
        part = owner.percent
        seat = ListedState.LISTED if owner.dispersed else _seat(owner.entity, entities, places)
        above = known.get(owner.entity, _Known())
        if seat is ListedState.NOT_LISTED:
            shares, control = shares + part, control + part
            continue
        if owner.dispersed:
            clean, clean_control = clean + part, clean_control + part
            continue
        shares += part * above.shares / 100
        control += part if above.control > threshold else part * above.control / 100
        if seat is ListedState.LISTED:
            clean += part * above.clean / 100
            clean_control += 0.0 if above.control > threshold else part * above.clean_control / 100
    grew = max(shares - found.shares, control - found.control, clean - found.clean, clean_control - found.clean_control)
    found.shares, found.control, found.clean, found.clean_control = shares, control, clean, clean_control
    return abs(grew) > _CLOSE


def _seat(name: str, entities: Mapping[str, LegalEntity], places: Mapping[str, ListedState]) -> ListedState:
    company = entities.get(name)
    return places.get(company.headquarters, ListedState.UNKNOWN) if company else ListedState.UNKNOWN


def _heaviest(
    entity: str, entities: Mapping[str, LegalEntity], known: Mapping[str, _Known], places: Mapping[str, ListedState]
) -> tuple[str, ...]:
    """From the company upwards along the owner that brings most."""
    words: list[str] = []
    seen: set[str] = set()
    while entity in entities and entity not in seen:
        seen.add(entity)
        owners = [o for o in entities[entity].owners if not o.dispersed]
        if not owners:
            break

        def brings(owner: object) -> float:
            name, percent = getattr(owner, "entity", ""), float(getattr(owner, "percent", 0.0))
            out = _seat(name, entities, places) is ListedState.NOT_LISTED
            return percent * (100.0 if out else known.get(name, _Known()).control)

        top = max(owners, key=lambda o: (brings(o), o.percent, o.entity))
        seat = entities[top.entity].headquarters if top.entity in entities else ""
        words.append(f"{entity} is held {top.percent:g} % by {top.entity} ({seat or 'seat not known'})")
        entity = top.entity
    return tuple(words)
