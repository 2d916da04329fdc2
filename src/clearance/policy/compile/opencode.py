"""OpenCode: a managed configuration file, which is merged last, and a managed plugin that asks our helper at start.

The plugin ends the program with our message; ``--pure`` leaves plugins out, so a ban also takes every provider away.
"""

import dataclasses

from clearance.model.ruling import Requirement, Ruling
from clearance.policy.compile.clauses import ClauseKind
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.errors import CompileError
from clearance.policy.compile.facts import facts
from clearance.policy.compile.hooks import told_on_ban
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, CoverageRow, How, Platform, Target
from clearance.policy.compile.written import as_json

ID = "opencode"

Json = dict[str, object]

_SAY = """// Written by Clearance from the company's decisions. Do not edit: compile again.
export const Clearance = async () => {{
  process.stderr.write({message} + "\\n");
  process.exit(3);
}};
"""
_ASK = """// Written by Clearance from the company's decisions. Do not edit: compile again.
// Whatever keeps the helper from answering ends the program: nobody allowed it to start.
export const Clearance = async () => {{
  const refuse = (why) => {{
    process.stderr.write(why.trim() + "\\n");
    process.exit(3);
  }};
  try {{
    const version = Bun.spawnSync([process.execPath, "--version"]).stdout.toString().trim();
    const asked = Bun.spawnSync([{helper}, "check", "opencode", version]);
    if (asked.exitCode !== 0) refuse(asked.stderr.toString() || "the policy of this machine could not be applied");
  }} catch (error) {{
    refuse("the policy of this machine could not be applied: " + error);
  }}
  return {{}};
}};
"""


def compile_opencode(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """Configuration, the plugin where it has something to say, and their coverage."""
    known = facts(ID)
    held = standing(ID, rulings, at=context.now, audience=context.audience)
    place, code = known.places["config"], known.places["plugin"]
    paths = {Platform.LINUX: place.linux, Platform.MACOS: place.macos, Platform.WINDOWS: place.windows}
    files = []
    for platform in Platform:
        plugin = getattr(code, platform.value) if held.closed or context.with_helper else ""
        content = as_json(configuration(held, plugin))
        name = f"{platform.value}/opencode.json"
        files.append(CompiledFile(name=name, content=content, paths={platform: paths[platform]}))
        if plugin:
            script = CompiledFile(
                name=f"{platform.value}/clearance.js", content=_plugin(held), paths={platform: plugin}
            )
            files.append(script)
    rows = covered(ID, numbered(rulings, ID), known, context)
    return Compiled(files=tuple(files), coverage=tuple(_without_provider(row, rulings) for row in rows))


def configuration(held: Standing, plugin: str) -> Json:
    """The managed configuration as a JSON object; ``plugin``: where the plugin lies, empty for none."""
    found: Json = {"$schema": "https://opencode.ai/config.json"}
    if plugin:
        found["plugin"] = [f"file://{plugin}"]
    if held.closed:
        return found | {"enabled_providers": []}
    found |= {"autoupdate": False, "share": "disabled"} if held.needs(Requirement.NO_TELEMETRY) else {}
    if held.needs(Requirement.NO_WEB):
        found["permission"] = {"webfetch": "deny", "websearch": "deny"}
    return found | _providers(held)


def _providers(held: Standing) -> Json:
    named: dict[str, list[str]] = {}
    for provider, model in map(_split, held.models):
        named.setdefault(provider, []).append(model)
    found: Json = {"enabled_providers": sorted(named)} if named else {}
    options: dict[str, Json] = {}
    for provider, models in sorted(named.items()):
        limits: Json = {} if any("*" in model for model in models) else {"whitelist": models}
        if held.gateway:
            limits["options"] = {"baseURL": held.gateway}
        options[provider] = limits
    for provider, model in map(_split, held.denied_models):
        if "*" not in model:
            listed = options.setdefault(provider, {}).setdefault("blacklist", [])
            assert isinstance(listed, list)
            listed.append(model)
    kept = {provider: limits for provider, limits in options.items() if limits}
    return found | ({"provider": kept} if kept else {})


def _split(pattern: str) -> tuple[str, str]:
    provider, _, model = pattern.partition("/")
    if not provider or not model or "*" in provider:
        raise CompileError(
            f"opencode: the model {pattern!r} names no provider.", advice="Write PROVIDER/MODEL, or PROVIDER/* for all."
        )
    return provider, model


def _without_provider(row: CoverageRow, rulings: tuple[Ruling, ...]) -> CoverageRow:
    """A gateway is set for the providers that models name: where none are named, nothing is set."""
    if row.clause.kind not in {ClauseKind.GATEWAY, ClauseKind.GATE} or rulings[row.clause.ruling - 1].models:
        return row
    why = "The ruling names no models as PROVIDER/MODEL, so there is no provider to set it for."
    return dataclasses.replace(row, how=How.CANNOT, by="", why=why)


def _plugin(held: Standing) -> bytes:
    if held.closed:
        return _SAY.format(message=as_json(told_on_ban(held)).decode().strip()).encode()
    helper = facts("helper").places["program"].linux
    return _ASK.format(helper=as_json(helper).decode().strip()).encode()


TARGET = Target(id=ID, title="OpenCode", tool=ID, compile=compile_opencode)
