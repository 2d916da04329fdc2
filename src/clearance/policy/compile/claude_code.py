"""Claude Code: the managed settings file, which names our helper where there is one."""

from clearance.model.ruling import Ruling
from clearance.policy.compile.claude_settings import claude_settings
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.standing import standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_json

ID = "claude-code"
TIMEOUT_MS, REFRESH_MS = 5000, 15 * 60 * 1000


def compile_claude_code(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """What the helper prints takes the file's place; until it has answered, the file's gateway and variables count."""
    known = facts(ID)
    held = standing(ID, rulings, at=context.now, audience=context.audience)
    static = as_json(claude_settings(held))
    place = known.places["settings"]
    unix = {Platform.LINUX: place.linux, Platform.MACOS: place.macos}
    helper = facts("helper").places["program"].linux
    called: dict[str, object] = {
        "policyHelper": {"path": helper, "timeoutMs": TIMEOUT_MS, "refreshIntervalMs": REFRESH_MS}
    }
    until_then = {} if held.closed else claude_settings(held)
    content = as_json({**until_then, **called}) if context.with_helper else static
    files = [CompiledFile(name="managed-settings.json", content=content, paths=unix)]
    windows = {Platform.WINDOWS: place.windows}
    files.append(CompiledFile(name="windows/managed-settings.json", content=static, paths=windows))
    return Compiled(files=tuple(files), coverage=covered(ID, numbered(rulings, ID), known, context))


TARGET = Target(id=ID, title="Claude Code", tool=ID, compile=compile_claude_code)
