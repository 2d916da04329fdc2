"""Codex: requirements.toml, which a developer's configuration cannot widen, and managed_config.toml for its gateway.

Codex has no key for a message or a version. A list in which the only value is our message allows nothing and is shown
(ADR 11): Codex refuses to start whether it takes the value for unknown or the list for empty.
"""

from clearance.model.ruling import Requirement, Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.hooks import TIMEOUT_S, hook_command, needs_hook, told_on_ban
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_toml

ID = "codex"
_COMMENT = "Written by Clearance from the company's decisions. Do not edit: compile again."

Toml = dict[str, object]


def compile_codex(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """The two files and their coverage."""
    known = facts(ID)
    held = standing(ID, rulings, at=context.now, audience=context.audience)
    place, gateway = known.places["requirements"], known.places["managed-config"]
    paths = {Platform.LINUX: place.linux, Platform.MACOS: place.macos, Platform.WINDOWS: place.windows}
    files = [CompiledFile(name="requirements.toml", content=_toml(requirements(held, context)), paths=paths)]
    if held.gateway and not held.closed:
        content = _toml({"model_provider": "openai", "openai_base_url": held.gateway})
        unix = {Platform.LINUX: gateway.linux, Platform.MACOS: gateway.macos}
        files.append(CompiledFile(name="managed_config.toml", content=content, paths=unix))
    return Compiled(files=tuple(files), coverage=covered(ID, numbered(rulings, ID), known, context))


def requirements(held: Standing, context: Context) -> Toml:
    """The requirements as a TOML table."""
    if held.closed:
        return {"allowed_approval_policies": [told_on_ban(held)], "allowed_login_methods": []}
    table: Toml = {}
    if held.needs(Requirement.NO_BYPASS):
        table["allowed_approval_policies"] = ["untrusted", "on-request"]
    if held.needs(Requirement.NO_BYPASS) or held.needs(Requirement.SANDBOX):
        table["allowed_sandbox_modes"] = ["read-only", "workspace-write"]
    if held.needs(Requirement.NO_WEB):
        table["allowed_web_search_modes"] = ["disabled"]
    if held.needs(Requirement.MANAGED_SETTINGS):
        table["allow_managed_hooks_only"] = True
    if held.needs(Requirement.NO_TELEMETRY):
        table["otel"] = {"exporter": "none", "trace_exporter": "none", "metrics_exporter": "none"}
    if held.mcp_servers is not None:
        table["mcp_servers"] = {s.name: {"identity": _identity(s.url, s.command)} for s in held.mcp_servers}
    return table | (_hook() if needs_hook(held, context) else {})


def _identity(url: str, command: tuple[str, ...]) -> Toml:
    return {"url": url} if url else {"command": command[0]}


def _hook() -> Toml:
    call = {"type": "command", "command": hook_command(ID), "timeout": TIMEOUT_S}
    folder = facts("helper").places["program"].linux.rpartition("/")[0]
    return {
        "features": {"hooks": True},
        "hooks": {"managed_dir": folder, "UserPromptSubmit": [{"hooks": [call]}]},
    }


def _toml(table: Toml) -> bytes:
    return as_toml(table, comment=_COMMENT)


TARGET = Target(id=ID, title="Codex CLI", tool=ID, compile=compile_codex)
