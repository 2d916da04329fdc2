"""GitHub Copilot (CLI, VS Code, JetBrains): the managed settings file. From documentation: it was not run here."""

from clearance.model.ruling import McpServer, Requirement, Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_json

ID, TOOL = "copilot", "github-copilot"

Json = dict[str, object]


def compile_copilot(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """One file and its coverage."""
    known = facts(ID)
    held = standing(TOOL, rulings, at=context.now, audience=context.audience)
    place = known.places["settings"]
    paths = {Platform.LINUX: place.linux, Platform.MACOS: place.macos, Platform.WINDOWS: place.windows}
    file = CompiledFile(name="managed-settings.json", content=as_json(settings(held)), paths=paths)
    return Compiled(files=(file,), coverage=covered(ID, numbered(rulings, TOOL), known, context))


def settings(held: Standing) -> Json:
    """The settings as a JSON object. A closed tool gets the strictest that there is: nothing stops its start."""
    permissions: Json = {}
    if held.closed or held.needs(Requirement.NO_BYPASS):
        permissions["disableBypassPermissionsMode"] = "disable"
    if held.closed:
        permissions["deny"] = ["Shell(*)", "Edit(//**)", "Domain(*)"]
    elif held.needs(Requirement.NO_WEB):
        permissions["deny"] = ["Domain(*)"]
    found: Json = {"permissions": permissions} if permissions else {}
    if held.closed or held.mcp_servers is not None:
        found["allowedMcpServers"] = [] if held.closed else [_server(s) for s in held.mcp_servers or ()]
    return found


def _server(server: McpServer) -> Json:
    return {"serverUrl": server.url} if server.url else {"serverCommand": list(server.command)}


TARGET = Target(id=ID, title="GitHub Copilot", tool=TOOL, compile=compile_copilot)
