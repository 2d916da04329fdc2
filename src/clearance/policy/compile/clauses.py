"""What a ruling asks for, clause by clause: the rows that every coverage report must account for."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from clearance.model.ruling import Requirement, Ruling, RulingState


class ClauseKind(enum.StrEnum):
    """One thing that a ruling can ask for."""

    BAN = "ban"
    WINDOW = "window"
    DATES = "dates"
    AUDIENCE = "audience"
    EXCEPTION = "exception"
    MODELS = "models"
    DENIED_MODELS = "denied-models"
    GATEWAY = "gateway"
    MCP = "mcp-servers"
    MESSAGE = "message"
    REPLACEMENT = "replacement"
    GATE = Requirement.GATE.value
    MANAGED_SETTINGS = Requirement.MANAGED_SETTINGS.value
    NO_TELEMETRY = Requirement.NO_TELEMETRY.value
    NO_BYPASS = Requirement.NO_BYPASS.value
    NO_WEB = Requirement.NO_WEB.value
    SANDBOX = Requirement.SANDBOX.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of one ruling."""

    ruling: int
    """Position of the ruling in the file, from 1."""
    tool: str
    kind: ClauseKind
    text: str
    """What is asked for, in words."""


def clauses(ruling: Ruling, number: int) -> tuple[Clause, ...]:
    """Every clause of a ruling, in a fixed order."""
    return tuple(Clause(ruling=number, tool=ruling.tool, kind=kind, text=text) for kind, text in _texts(ruling))


def _texts(ruling: Ruling) -> Iterator[tuple[ClauseKind, str]]:
    if ruling.state is RulingState.BANNED:
        yield ClauseKind.BAN, f"{ruling.tool} is banned ({ruling.versions})"
    elif not ruling.versions.everything:
        yield ClauseKind.WINDOW, f"only {ruling.versions}"
    if ruling.since or ruling.until:
        yield ClauseKind.DATES, _dates(ruling)
    if ruling.audience:
        yield ClauseKind.AUDIENCE, f"only for {ruling.audience}"
    if ruling.exception:
        yield ClauseKind.EXCEPTION, "goes before what holds for everybody else"
    yield from _conditions(ruling)
    if ruling.message:
        yield ClauseKind.MESSAGE, f"tell developers: {ruling.message}"
    if ruling.replacement:
        yield ClauseKind.REPLACEMENT, f"name what to use instead: {ruling.replacement}"


def _dates(ruling: Ruling) -> str:
    since = f"from {ruling.since.isoformat()}" if ruling.since else ""
    until = f"until {ruling.until.isoformat()}" if ruling.until else ""
    return " ".join(part for part in (since, until) if part)


def _conditions(ruling: Ruling) -> Iterator[tuple[ClauseKind, str]]:
    if ruling.models:
        yield ClauseKind.MODELS, f"only models {', '.join(ruling.models)}"
    if ruling.denied_models:
        yield ClauseKind.DENIED_MODELS, f"not models {', '.join(ruling.denied_models)}"
    if ruling.gateway:
        yield ClauseKind.GATEWAY, f"model requests go to {ruling.gateway}"
    if ruling.mcp_servers is not None:
        names = ", ".join(server.name for server in ruling.mcp_servers) or "none"
        yield ClauseKind.MCP, f"only these MCP servers: {names}"
    for requirement in sorted(set(ruling.requirements)):
        yield ClauseKind(requirement.value), _REQUIREMENTS[requirement]


_REQUIREMENTS = {
    Requirement.GATE: "model requests go nowhere but to the gateway",
    Requirement.MANAGED_SETTINGS: "a developer's own settings cannot widen the company's",
    Requirement.NO_TELEMETRY: "no usage statistics and error reports to the vendor",
    Requirement.NO_BYPASS: "no mode that runs everything without asking",
    Requirement.NO_WEB: "no web search and no fetching of pages",
    Requirement.SANDBOX: "commands run confined",
}
