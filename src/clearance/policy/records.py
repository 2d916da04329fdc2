"""Decision records: their canonical bytes, their id, and what makes one that nobody should sign.

The id is the SHA-256 of the canonical bytes: JSON with sorted keys, defaults left out, without signatures.
"""

import re
from collections.abc import Iterator

import msgspec

from clearance.model.decision import DecisionKind, DecisionRecord, RecordId, Scope
from clearance.policy.conditions import read_condition
from clearance.policy.digests import sha256_hex
from clearance.policy.errors import PolicyError
from clearance.policy.times import begins, ends
from clearance.policy.versions import check_window

_HEX = re.compile(r"[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def canonical(record: DecisionRecord) -> bytes:
    """The bytes that are digested: the same record gives the same bytes, whatever the order in its file."""
    plain = msgspec.to_builtins(msgspec.structs.replace(record, signatures=()))
    return msgspec.json.encode(plain, order="sorted")


def record_id(record: DecisionRecord) -> RecordId:
    """SHA-256 of the canonical bytes."""
    return RecordId(sha256_hex(canonical(record)))


def zone_of(record: DecisionRecord, zones: dict[str, str]) -> str:
    """The zone of the record's days: its own, else the one that all entities of its scope share, else none."""
    if record.zone:
        return record.zone
    found = {zones.get(entity, "") for entity in record.scope.entities}
    return found.pop() if len(found) == 1 else ""


def faults(record: DecisionRecord, zones: dict[str, str], schemes: dict[str, str]) -> Iterator[PolicyError]:
    """Everything that makes the record one to refuse.

    Args:
        zones: the time zone of each legal entity.
        schemes: each known tool and how it numbers its versions (``semver``, ``pep440``).
    """
    yield from _kind_faults(record)
    yield from _scope_faults(record.scope, schemes)
    yield from _time_faults(record, zones)
    for text in (*record.conditions, *record.lift_when):
        try:
            read_condition(text)
        except PolicyError as error:
            yield error
    for reason in record.reasons:
        if reason.evidence and not _HEX.fullmatch(reason.evidence):
            yield _fault(f"{reason.evidence!r} is no SHA-256.", "Evidence is named by 64 small hex digits.")


def check_record(record: DecisionRecord, zones: dict[str, str], schemes: dict[str, str]) -> None:
    """Raise the first fault as PolicyError."""
    for fault in faults(record, zones, schemes):
        raise fault


def check_against(record: DecisionRecord, others: dict[str, DecisionRecord]) -> None:
    """Raise PolicyError when the record names another that is not there, or lifts without meeting its conditions."""
    for named in (*record.against, *([record.lifts] if record.lifts else [])):
        if named not in others and (named == record.lifts or not named.startswith("rule:")):
            raise _fault(
                f"There is no record {named[:12]}.", "`clearance policy list` shows the records and their ids."
            )
    if record.lifts:
        target = others[record.lifts]
        if target.kind not in (DecisionKind.BAN, DecisionKind.RESTRICT):
            raise _fault(f"{record.lifts[:12]} is no ban and no restriction.", "Only those can be lifted.")
        missing = [c for c in target.lift_when if c not in record.meets]
        if missing:
            raise _fault(
                f"The ban is lifted when: {'; '.join(missing)}. The lift does not say that this is met.",
                "Say --met for each condition, with --evidence.",
            )


def _kind_faults(record: DecisionRecord) -> Iterator[PolicyError]:
    kind = record.kind
    if record.schema != "clearance.decision/1":
        yield _fault(f"{record.schema!r} is no schema that is known.", "This version reads clearance.decision/1.")
    if not record.owner:
        yield _fault("The record has no owner.", "Say --owner: who answers questions about it.")
    if not record.reasons:
        yield _fault("The record has no reason.", "Say --reason.")
    if kind is DecisionKind.BAN and not record.lift_when and not record.permanent:
        yield _fault("The ban does not say when it could be lifted.", "Say --lift-when, or --permanent if never.")
    if kind is DecisionKind.BAN and record.lift_when and record.permanent:
        yield _fault("The ban is permanent and says when it is lifted.", "Leave one out.")
    if kind is DecisionKind.RESTRICT and not record.conditions:
        yield _fault("The restriction asks for nothing.", "Say --require.")
    if kind is DecisionKind.LIFT and not record.lifts:
        yield _fault("The lift names no ban.", "Name the record that it lifts.")
    if kind is DecisionKind.LIFT and record.scope != Scope(tools=record.scope.tools):
        yield _fault("A lift ends the whole ban: it has no scope of its own.", "Use `except` for a part of it.")
    if kind is DecisionKind.EXCEPT and not (record.until and record.ticket and record.against):
        yield _fault(
            "An exception needs an end, a ticket and the record that it is an exception from.",
            "Say --until, --ticket and --against.",
        )


def _scope_faults(scope: Scope, schemes: dict[str, str]) -> Iterator[PolicyError]:
    for tool in scope.tools:
        if tool not in schemes:
            yield _fault(f"No assistant is called {tool!r}.", f"Known: {', '.join(sorted(schemes))}.")
    for country in scope.countries:
        if not _COUNTRY.fullmatch(country):
            yield _fault(f"{country!r} is no country.", "Use ISO 3166 codes: HK, UA-43.")
    if scope.versions and not scope.tools:
        yield _fault("A window of versions needs a tool.", "Name the tool.")
    try:
        for scheme in {schemes.get(tool, "semver") for tool in scope.tools} if scope.versions else ():
            check_window(scope.versions, scheme)
    except PolicyError as error:
        yield error


def _time_faults(record: DecisionRecord, zones: dict[str, str]) -> Iterator[PolicyError]:
    zone, tightens = zone_of(record, zones), not record.kind.loosens
    try:
        start, end = begins(record.from_, zone, tightens=tightens), ends(record.until, zone, tightens=tightens)
        for day in (record.review, record.created):
            begins(day, zone or "UTC", tightens=True)
    except PolicyError as error:
        yield error
        return
    if end <= start:
        yield _fault(f"It would end ({record.until}) before it begins ({record.from_}).", "Turn the dates round.")


def _fault(message: str, advice: str) -> PolicyError:
    return PolicyError(message, advice=advice)
