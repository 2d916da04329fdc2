"""Qwen Code: the system settings file.

`--bare` makes it read none of this, so nothing here is more than a rail (the coverage says so). A way to sign in that
nobody can have is how it is made to refuse: the value is our message, and it is shown (ADR 11).
"""

from clearance.model.ruling import Requirement, Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.hooks import TIMEOUT_S, hook_command, needs_hook, told_on_ban
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_json

ID = "qwen-code"

Json = dict[str, object]


def compile_qwen_code(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """One file and its coverage."""
    known = facts(ID)
    held = standing(ID, rulings, at=context.now, audience=context.audience)
    place = known.places["settings"]
    paths = {Platform.LINUX: place.linux, Platform.MACOS: place.macos, Platform.WINDOWS: place.windows}
    file = CompiledFile(name="settings.json", content=as_json(settings(held, context)), paths=paths)
    return Compiled(files=(file,), coverage=covered(ID, numbered(rulings, ID), known, context))


def settings(held: Standing, context: Context) -> Json:
    """The settings as a JSON object."""
    if held.closed:
        return {"security": {"auth": {"enforcedType": told_on_ban(held)}}}
    found: Json = {}
    if held.needs(Requirement.NO_BYPASS):
        found["tools"] = {"approvalMode": "default"}
    if held.needs(Requirement.SANDBOX):
        found["tools"] = {**_table(found), "executionSandbox": {"filesystem": "workspace-write", "network": "closed"}}
    if held.needs(Requirement.NO_WEB):
        found["permissions"] = {"deny": ["web_fetch", "web_search"]}
    if held.needs(Requirement.NO_TELEMETRY):
        found |= {"privacy": {"usageStatisticsEnabled": False}, "telemetry": {"enabled": False}}
    if held.mcp_servers is not None:
        found |= _servers(held)
    return found | (_hook() if needs_hook(held, context) else {})


def _table(found: Json) -> Json:
    tools = found.get("tools")
    return tools if isinstance(tools, dict) else {}


def _servers(held: Standing) -> Json:
    servers = held.mcp_servers or ()
    meant: Json = {s.name: _server(s.url, s.command) for s in servers}
    return {"mcp": {"allowed": [s.name for s in servers] or ["no MCP server is allowed"]}, "mcpServers": meant}


def _server(url: str, command: tuple[str, ...]) -> Json:
    return {"httpUrl": url} if url else {"command": command[0], "args": list(command[1:])}


def _hook() -> Json:
    call = {"type": "command", "command": hook_command(ID), "timeout": TIMEOUT_S * 1000}
    return {"disableAllHooks": False, "hooks": {"UserPromptSubmit": [{"hooks": [call]}]}}


TARGET = Target(id=ID, title="Qwen Code", tool=ID, compile=compile_qwen_code)
