"""Cursor: enterprise hooks that call our helper before a prompt is sent. Written from documentation: not run here."""

from clearance.model.ruling import Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.hooks import hook_command
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_json

ID = "cursor"

Json = dict[str, object]


def compile_cursor(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """The hooks file where there is a helper, and the coverage."""
    known = facts(ID)
    held = standing(ID, rulings, at=context.now, audience=context.audience)
    place = known.places["hooks"]
    paths = {Platform.LINUX: place.linux, Platform.MACOS: place.macos}
    files = (CompiledFile(name="hooks.json", content=as_json(hooks(held)), paths=paths),) if context.with_helper else ()
    return Compiled(files=files, coverage=covered(ID, numbered(rulings, ID), known, context))


def hooks(held: Standing) -> Json:
    """The hooks file. The helper knows a ban as well as a version."""
    events = ["beforeSubmitPrompt"]
    if held.closed:
        events += ["beforeShellExecution", "beforeMCPExecution"]
    return {"version": 1, "hooks": {event: [{"command": hook_command(ID)}] for event in events}}


TARGET = Target(id=ID, title="Cursor", tool=ID, compile=compile_cursor)
