"""Claude Code's managed settings for what holds. The same keys go into the file and through the helper.

What the helper prints replaces the file beside it (seen on 2.1.331: a minimum version in the file did not count), so it
always gets all of them.
"""

from clearance.model.ruling import McpServer, Requirement
from clearance.policy.compile.errors import CompileError
from clearance.policy.compile.standing import Standing

Json = dict[str, object]

NEVER = "999999.0.0"
"""A minimum version that no release has: the static way to stop every release."""
_QUIET = {
    "CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_FEEDBACK_COMMAND": "1",
    "DISABLE_TELEMETRY": "1",
}


def claude_settings(held: Standing) -> Json:
    """The settings as a JSON object, keys sorted."""
    settings: Json = {}
    if held.closed:
        return {"requiredMinimumVersion": NEVER}
    settings |= _versions(held) | _models(held) | _servers(held) | _access(held)
    if held.needs(Requirement.MANAGED_SETTINGS):
        settings |= {"allowManagedHooksOnly": True, "allowManagedPermissionRulesOnly": True}
    if held.needs(Requirement.SANDBOX):
        settings["sandbox"] = {"allowUnsandboxedCommands": False, "enabled": True, "failIfUnavailable": True}
    return dict(sorted(settings.items()))


def _versions(held: Standing) -> Json:
    span = held.window
    if span is None:
        return {}
    found: Json = {"requiredMinimumVersion": span.minimum} if span.minimum else {}
    if span.maximum and not span.maximum_excluded:
        found["requiredMaximumVersion"] = span.maximum
    return found


def _models(held: Standing) -> Json:
    found: Json = {}
    if held.models:
        found = {"availableModels": [family(m) for m in held.models], "enforceAvailableModels": True}
    if held.denied_models:
        found["deniedModels"] = [family(m) for m in held.denied_models]
    return found


def family(pattern: str) -> str:
    """A pattern as Claude Code reads it: a family or the beginning of an id stands for all below it.

    Raises:
        CompileError: a ``*`` that is not at the end, or nothing before it: Claude Code would match nothing.
    """
    bare = pattern.removesuffix("*").rstrip("-")
    if not bare or "*" in bare:
        raise CompileError(
            f"claude-code: the model {pattern!r} cannot be said to Claude Code.",
            advice="Write a family (opus), an id, or the beginning of an id with * at the end.",
        )
    named = bare.removeprefix("claude-")
    return named if named in {"opus", "sonnet", "haiku"} else bare


def _servers(held: Standing) -> Json:
    if held.mcp_servers is None:
        return {}
    return {"allowManagedMcpServersOnly": True, "allowedMcpServers": [_server(s) for s in held.mcp_servers]}


def _server(server: McpServer) -> Json:
    return {"serverUrl": server.url} if server.url else {"serverCommand": list(server.command)}


def _access(held: Standing) -> Json:
    found: Json = {}
    permissions: Json = {}
    env: dict[str, str] = dict(_QUIET) if held.needs(Requirement.NO_TELEMETRY) else {}
    if held.gateway:
        env["ANTHROPIC_BASE_URL"] = held.gateway
        found["allowedProviders"] = ["customEndpoint"]
    if held.needs(Requirement.NO_WEB):
        permissions["deny"] = ["WebFetch", "WebSearch"]
    if held.needs(Requirement.NO_BYPASS):
        permissions["disableBypassPermissionsMode"] = "disable"
        found["disableAutoMode"] = "disable"
    if env:
        found["env"] = dict(sorted(env.items()))
    return found | ({"permissions": permissions} if permissions else {})
