"""Santa (macOS): rules that block programs by the signing ID that their vendor gave them."""

import plistlib
import uuid

from clearance.model.ruling import Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.hooks import told_on_ban
from clearance.policy.compile.standing import standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Target
from clearance.policy.compile.written import as_json

ID = "santa"
_PAYLOAD = "com.northpolesec.santa"
_NAMESPACE = uuid.UUID("6c1f3b58-3f0b-5a53-9f5d-0d4f6d9d7a11")
"""Ours: the same policy gives the same profile."""


def compile_santa(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """Rules for ``santactl rule --import`` or a sync server, the same as a profile, and their coverage."""
    rules = _rules(rulings, context)
    files = (
        CompiledFile(name="rules.json", content=as_json({"rules": rules})),
        CompiledFile(name="clearance-santa.mobileconfig", content=_profile(rules)),
    )
    return Compiled(files=files, coverage=covered(ID, numbered(rulings, ""), facts(ID), context))


def _rules(rulings: tuple[Ruling, ...], context: Context) -> list[dict[str, str]]:
    rules = []
    for tool in sorted({r.tool for r in rulings}):
        held = standing(tool, rulings, at=context.now, audience=context.audience)
        for identifier in facts(ID).values.get(tool, ()) if held.closed else ():
            rule = {"policy": "BLOCKLIST", "rule_type": "SIGNINGID", "identifier": identifier}
            rules.append({**rule, "custom_msg": told_on_ban(held)})
    return rules


def _profile(rules: list[dict[str, str]]) -> bytes:
    inner = _payload(_PAYLOAD, "Santa rules") | {"StaticRules": rules}
    outer = _payload("Configuration", "Clearance: programs that may not start")
    return plistlib.dumps(outer | {"PayloadContent": [inner], "PayloadScope": "System"})


def _payload(kind: str, name: str) -> dict[str, object]:
    return {
        "PayloadDisplayName": name,
        "PayloadIdentifier": f"clearance.santa.{kind.lower()}",
        "PayloadType": kind,
        "PayloadUUID": str(uuid.uuid5(_NAMESPACE, kind)).upper(),
        "PayloadVersion": 1,
    }


TARGET = Target(id=ID, title="Santa", tool="", compile=compile_santa)
