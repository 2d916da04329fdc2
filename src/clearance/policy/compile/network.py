"""Which hosts the network may refuse, for the lists of proxies and resolvers.

1. A host that one tool alone talks to is refused while that tool is closed.
2. A model host that several tools talk to is refused only while every tool that does is ruled and is closed or behind a
   gateway: a network cannot tell tools apart.
3. The hosts of a tool's telemetry are refused while it must not send any.
4. The gateway itself is never refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clearance.model.ruling import Requirement, Ruling
from clearance.policy.compile.facts import TargetFacts, facts
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHost:
    """A host to refuse; ``*.`` in front: it and everything below."""

    host: str
    why: str


def refused_hosts(rulings: Sequence[Ruling], context: Context) -> tuple[RefusedHost, ...]:
    """Hosts in order of their names, each once."""
    known = facts("network")
    held = {tool: _standing(tool, rulings, context) for tool in sorted({r.tool for r in rulings})}
    gateways = {urlsplit(s.gateway).hostname for s in held.values() if s.gateway}
    found: dict[str, str] = {}
    for tool, its in held.items():
        for host, why in _of_tool(tool, its, held, known):
            found.setdefault(host, why)
    return tuple(RefusedHost(host=h, why=found[h]) for h in sorted(found) if h not in gateways)


def _standing(tool: str, rulings: Sequence[Ruling], context: Context) -> Standing:
    return standing(tool, rulings, at=context.now, audience=context.audience)


def _of_tool(tool: str, its: Standing, held: dict[str, Standing], known: TargetFacts) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if its.closed:
        rows += [(host, f"{tool} is not allowed") for host in known.values.get(f"{tool}.own", ())]
    if _shut(its):
        why = f"{tool} is not allowed" if its.closed else f"{tool} goes through {its.gateway}"
        rows += [(h, why) for h in known.values.get(f"{tool}.model", ()) if _nobody_else(h, tool, held, known)]
    if its.closed or its.needs(Requirement.NO_TELEMETRY):
        rows += [(host, f"{tool} sends no telemetry") for host in known.values.get(f"{tool}.telemetry", ())]
    return rows


def _shut(its: Standing) -> bool:
    return its.closed or its.needs(Requirement.GATE)


def _nobody_else(host: str, tool: str, held: dict[str, Standing], known: TargetFacts) -> bool:
    users = {
        name.removesuffix(".model") for name, hosts in known.values.items() if name.endswith(".model") and host in hosts
    }
    return all(other in held and _shut(held[other]) for other in users - {tool})
