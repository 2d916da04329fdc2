"""What holds for one tool at one instant for one audience, when every ruling about it is taken together.

1. A ruling applies when it is for everybody or for this audience, and is in force.
2. Exceptions go first: while one applies, rulings that are none do not count.
3. Silence denies: a tool with no applying approval is closed. So is one with an applying ban of every version.
4. Approvals add versions, bans take versions away.
5. Conditions of all applying approvals add up; lists of what may be used are intersected. The order never matters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from clearance.model.ruling import McpServer, Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan
from clearance.policy.compile.errors import CompileError

CLOSED_MESSAGE = "No decision allows {tool} at this time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """Versions that may not start, and what a developer is told."""

    versions: VersionSpan
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds. Tuples are sorted: the same rulings in another order give the same value."""

    tool: str
    closed: bool
    """No version may start."""
    message: str
    """What a developer is told when nothing, or not this, may be used."""
    allowed: tuple[VersionSpan, ...] = ()
    bans: tuple[Ban, ...] = ()
    models: tuple[str, ...] = ()
    denied_models: tuple[str, ...] = ()
    requirements: frozenset[Requirement] = frozenset()
    gateway: str = ""
    mcp_servers: tuple[McpServer, ...] | None = None

    @property
    def window(self) -> VersionSpan | None:
        """The one span of versions that may start; None where there are several, or bans inside."""
        return self.allowed[0] if len(self.allowed) == 1 and not self.bans else None

    def needs(self, requirement: Requirement) -> bool:
        """Whether a requirement is in force."""
        return requirement in self.requirements


def standing(tool: str, rulings: Sequence[Ruling], *, at: datetime, audience: str) -> Standing:
    """What holds. Raises CompileError where two applying rulings cannot both be kept."""
    applying = [r for r in rulings if r.tool == tool and r.holds_at(at) and r.audience in {"", audience}]
    counting = [r for r in applying if r.exception] or applying
    bans = [r for r in counting if r.state is RulingState.BANNED]
    approvals = [r for r in counting if r.state is not RulingState.BANNED]
    total = [r for r in bans if r.versions.everything]
    if total or not approvals:
        silent = CLOSED_MESSAGE.format(tool=tool)
        return Standing(tool=tool, closed=True, message=_said(total) or _said(bans) or silent)
    return Standing(
        tool=tool,
        closed=False,
        message=_said(approvals),
        allowed=tuple(sorted({r.versions for r in approvals}, key=str)),
        bans=tuple(sorted({Ban(versions=r.versions, message=told(r)) for r in bans}, key=str)),
        models=_common("models", approvals, lambda r: r.models),
        denied_models=tuple(sorted({m for r in approvals for m in r.denied_models})),
        requirements=frozenset(q for r in approvals for q in r.requirements),
        gateway=_one_gateway(tool, approvals),
        mcp_servers=_servers(approvals),
    )


def told(ruling: Ruling) -> str:
    """The message to a developer with the replacement, as one line."""
    instead = f"Use {ruling.replacement} instead." if ruling.replacement else ""
    return " ".join(part.strip() for part in (ruling.message, instead) if part.strip()).replace("\n", " ")


def _said(rulings: Sequence[Ruling]) -> str:
    return " ".join(sorted({told(r) for r in rulings} - {""}))


def _common(what: str, approvals: Sequence[Ruling], of: Callable[[Ruling], tuple[str, ...]]) -> tuple[str, ...]:
    named = [set(of(r)) for r in approvals if of(r)]
    if not named:
        return ()
    common = set.intersection(*named)
    if not common:
        raise CompileError(
            f"{approvals[0].tool}: the {what} of its rulings have none in common, so nothing could be used.",
            advice="Name at least one in all of them, or end one of the rulings before the other begins.",
        )
    return tuple(sorted(common))


def _one_gateway(tool: str, approvals: Sequence[Ruling]) -> str:
    named = sorted({r.gateway for r in approvals if r.gateway})
    if len(named) > 1:
        raise CompileError(
            f"{tool}: two gateways hold at once, {' and '.join(named)}.",
            advice="Make one of the rulings an exception for its audience, or end it before the other begins.",
        )
    return named[0] if named else ""


def _servers(approvals: Sequence[Ruling]) -> tuple[McpServer, ...] | None:
    ruled = [r.mcp_servers for r in approvals if r.mcp_servers is not None]
    if not ruled:
        return None
    return tuple(sorted((s for s in set(ruled[0]) if all(s in other for other in ruled[1:])), key=str))
