"""What registries say of who published a release, and of how it was built.

1. A document is known by what is in it: an npm packument, one version of it, npm's attestations, PyPI's JSON, PyPI's
   provenance (PEP 740). Any field may be missing; what is no such document gives nothing.
2. That a registry says nothing is one fact, that it says there is nothing another: mirrors leave much out.
3. Signatures are not checked here; a fact says that there is one and what it claims.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.model.contents import SupplyFact
from clearance.observe.static.documents.node import Node, scalar
from clearance.observe.static.documents.reading import read_json, text_of
from clearance.observe.static.supply.found import listed

_EARLIER: Final = 10
"""Earlier versions that are compared."""
_LARGEST: Final = 64 << 10
_REPOSITORY: Final = re.compile(r"(?:git\+)?(?:https?|ssh|git)://(?:[^/@\s]{1,100}@)?|git@|github:", re.IGNORECASE)


def registry_facts(documents: Iterable[bytes], *, name: str, version: str) -> tuple[SupplyFact, ...]:
    """Publisher and provenance of one version of a package, each fact once. No bytes make it raise."""
    values = [value for raw in documents if (value := read_json(text_of(raw))) is not None]
    told = _Told(f"{name}@{version}")
    for value in values:
        _tell(told, value, version)
    declared = next((text for value in values if (text := _declared(value, version))), "")
    built = next((text for value in values for text in _built_from(value)), "")
    if declared and built and _plain(declared) != _plain(built):
        told.add("name-mismatch", told.subject, f"built from {built}, while its manifest names {declared}")
    return tuple(dict.fromkeys(told.facts))


class _Told:
    """Facts about one version."""

    def __init__(self, subject: str) -> None:
        self.subject = scalar(subject)
        self.facts: list[SupplyFact] = []

    def add(self, kind: str, subject: str, detail: str) -> None:
        self.facts.append(SupplyFact(kind=kind, subject=subject[:300], detail=detail[:4096]))


def _tell(told: _Told, value: Node, version: str) -> None:
    if value.at("versions").is_table:
        _packument(told, value, version)
    elif value.has("dist", "name"):
        _npm_version(told, value, ())
    elif value.at("info").is_table:
        _pypi(told, value)
    else:
        _attested(told, value)


def _packument(told: _Told, value: Node, version: str) -> None:
    this = value.at("versions", version)
    if not this.is_table:
        return
    times = dict(value.items("time"))
    published = {key: times[key].text() for key, _ in value.items("versions") if key in times}
    now = published.get(version, "")
    order = sorted((key for key in published if key != version and published[key] < now), key=lambda k: published[k])
    _npm_version(told, this, tuple(value.at("versions", key) for key in order[-_EARLIER:]))


def _npm_version(told: _Told, this: Node, earlier: tuple[Node, ...]) -> None:
    _publisher(told, this, earlier)
    _attestation(told, this, earlier)
    if commit := this.text("gitHead"):
        told.add("provenance", told.subject, f"its publisher's machine was at commit {commit} (not checked by anybody)")


def _publisher(told: _Told, this: Node, earlier: tuple[Node, ...]) -> None:
    user = this.text("_npmUser", "name") or this.text("_npmUser")
    if not user:
        told.add("publisher", told.subject, "the registry's answer does not say who published it")
        return
    how = this.text("_npmUser", "trustedPublisher", "id")
    through = f" through trusted publishing from {how}" if how else ""
    named = [name for old in earlier if (name := old.text("_npmUser", "name") or old.text("_npmUser"))]
    same = named.count(user)
    history = f"; {same} of the {len(named)} versions before it were too" if named else ""
    told.add("publisher", user, f"published {told.subject}{through}{history}")
    people = [person.text("name") or person.text() for person in this.each("maintainers")]
    if people:
        told.add("publisher", listed(people), f"{len(people)} may publish it")


def _attestation(told: _Told, this: Node, earlier: tuple[Node, ...]) -> None:
    with_one = sum(1 for old in earlier if old.at("dist", "attestations").is_table)
    history = f"{with_one} of the {len(earlier)} versions before it have one" if earlier else ""
    if this.at("dist", "attestations").is_table:
        kind = this.text("dist", "attestations", "provenance", "predicateType") or "an attestation"
        told.add("provenance", told.subject, "; ".join(filter(None, (f"it has {kind}", history))))
    elif this.each("dist", "signatures") or with_one or this.at("_npmUser").plain is not None:
        told.add("provenance", told.subject, "; ".join(filter(None, ("it has no provenance attestation", history))))
    else:
        told.add("provenance", told.subject, "the registry's answer says nothing of attestations")
    keys = [key for signature in this.each("dist", "signatures") if (key := signature.text("keyid"))]
    if keys:
        told.add(
            "provenance", told.subject, f"carries a signature of the registry, key {listed(keys)} (not checked here)"
        )


def _pypi(told: _Told, value: Node) -> None:
    info = value.at("info")
    authors = [text for key in ("author", "author_email", "maintainer", "maintainer_email") if (text := info.text(key))]
    if authors:
        told.add("publisher", listed(authors), f"{told.subject} names them as its authors (anybody can write that)")
    roles = [f"{role.text('user')} ({role.text('role')})" for role in value.each("ownership", "roles")]
    if roles or value.text("ownership", "organization"):
        who = value.text("ownership", "organization") or listed(roles)
        told.add("publisher", who, f"the index says that {listed(roles) or who} may publish it")
    else:
        told.add("publisher", told.subject, "the index's answer does not say who may publish it")
    files = [file for file in value.each("urls") if file.is_table]
    attested = [file.text("filename") for file in files if file.text("provenance")]
    if attested:
        told.add("provenance", told.subject, f"the index has attestations for {listed(attested)}")
    if yanked := [file.text("filename") for file in files if file.is_on("yanked")]:
        reason = info.text("yanked_reason")
        told.add("provenance", told.subject, f"withdrawn: {listed(yanked)}{f' ({reason})' if reason else ''}")


def _attested(told: _Told, value: Node) -> None:
    for bundle in value.each("attestation_bundles"):
        by = bundle.at("publisher")
        parts = [text for key in ("repository", "workflow", "environment", "email") if (text := by.text(key))]
        told.add(
            "provenance", told.subject, f"attested by {by.text('kind') or 'an unnamed publisher'}: {listed(parts)}"
        )
    for item in value.each("attestations"):
        flow = _statement(item).at("predicate", "buildDefinition", "externalParameters", "workflow")
        parts = [text for key in ("repository", "ref", "path") if (text := flow.text(key))]
        kind = item.text("predicateType") or "an attestation"
        told.add("provenance", told.subject, f"it has {kind}{f' of {listed(parts)}' if parts else ''}")


def _statement(item: Node) -> Node:
    """The statement that is signed, out of its envelope."""
    payload = item.text("bundle", "dsseEnvelope", "payload")[:_LARGEST]
    try:
        raw = base64.b64decode(payload)
    except (binascii.Error, ValueError):
        return Node(None)
    return read_json(text_of(raw)) or Node(None)


def _declared(value: Node, version: str) -> str:
    this = value.at("versions", version) if value.at("versions").is_table else value
    return this.text("repository", "url") or this.text("repository")


def _built_from(value: Node) -> Iterator[str]:
    for item in value.each("attestations"):
        text = _statement(item).text("predicate", "buildDefinition", "externalParameters", "workflow", "repository")
        if text:
            yield text
    for bundle in value.each("attestation_bundles"):
        if repository := bundle.text("publisher", "repository"):
            yield f"https://github.com/{repository}" if bundle.text("publisher", "kind") == "GitHub" else repository


def _plain(address: str) -> str:
    """``owner/name`` at its host, however the address is written."""
    bare = _REPOSITORY.sub("", address.strip()).replace("github.com:", "github.com/").removesuffix("/")
    return bare.removesuffix(".git").lower().removeprefix("github.com/").removeprefix("www.")
