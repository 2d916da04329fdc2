"""The program's three ways to be called, and what it says in each.

``clearance-policy-helper``
    by Claude Code at start, as its ``policyHelper``: managed settings on standard output, or a refusal.
``clearance-policy-helper hook TOOL``
    by a tool before it sends a prompt: nothing, or a refusal in the words that hooks use.
``clearance-policy-helper check TOOL VERSION``
    by a plugin at start: exit code 0, or a refusal.

A refusal is exit code 3 with a message on standard error; hooks get it in the words of their tool. Whatever goes wrong
inside is a refusal too.
"""

import json
import os
import sys
import time

from clearance.policy.compile.helper.answering import judged, mode_judged, standing
from clearance.policy.compile.helper.caller import can_tell, version_of
from clearance.policy.compile.helper.reading import Refused, believed, recalled, remember

BUNDLE = "/etc/clearance/bundle.json"
AUDIENCE = "/etc/clearance/audience"
PUBLIC_KEY = ""
SEEN = ("/var/lib/clearance/last-seen", "~/.local/state/clearance/last-seen")
REFUSED, BLOCKED = 3, 2
"""Exit codes. Codex reads 2 as a block; a word too much in JSON it takes for a failed hook, and goes on."""


def main(arguments: "list[str]", environment: "dict[str, str]", now: float) -> int:
    """Answer; the exit code."""
    way = arguments[0] if arguments else "settings"
    tool = arguments[1] if len(arguments) > 1 else "claude-code"
    try:
        text = _answer(way, tool, arguments, environment, now)
    except Refused as error:
        return _refuse(way, tool, str(error).strip())
    except Exception as error:  # noqa: BLE001 - whatever went wrong, nobody allowed it
        return _refuse(way, tool, "the policy of this machine could not be applied: " + repr(error))
    if text:
        sys.stdout.write(text + "\n")
    return 0


def _answer(way: str, tool: str, arguments: "list[str]", environment: "dict[str, str]", now: float) -> str:
    period = standing(_payload(now), tool, _audience(), now)
    if way == "settings":
        judged(period, tool, environment.get("CLAUDE_CODE_VERSION", ""))
        return json.dumps({"managedSettings": period.get("settings") or {}})
    if way == "check":
        judged(period, tool, arguments[2] if len(arguments) > 2 else "")
        return ""
    if way != "hook":
        raise Refused("this program is called with nothing, with hook TOOL or with check TOOL VERSION")
    asked = _asked()
    version = str(asked.get("cursor_version") or "") or version_of(tool, os.getppid())
    if version or can_tell():
        judged(period, tool, version)
    elif period.get("closed"):
        judged(period, tool, "")
    request = asked.get("llm_request")
    model = request.get("model") if isinstance(request, dict) else asked.get("model")
    mode_judged(period, str(model or ""), str(asked.get("permission_mode") or ""))
    return json.dumps({"continue": True}) if tool == "cursor" else ""


def _payload(now: float) -> "dict[str, object]":
    places = tuple(_home(path) for path in SEEN)
    seen = recalled(places)
    payload = believed(BUNDLE, PUBLIC_KEY, now, seen)
    issued = max(seen[1], float(str(payload["issued"])))
    if now > seen[0] + 60 or issued > seen[1]:  # not a write for every prompt
        remember(places, max(now, seen[0]), issued)
    return payload


def _home(path: str) -> str:
    if not path.startswith("~/"):
        return path
    import pwd  # its home as the system knows it: HOME can be anything

    return pwd.getpwuid(os.getuid()).pw_dir + path[1:]


def _audience() -> str:
    try:
        with open(AUDIENCE, encoding="utf-8") as file:
            return file.read(1000).strip()
    except FileNotFoundError:
        return ""


def _asked() -> "dict[str, object]":
    try:
        read = json.loads(sys.stdin.buffer.read(16 << 20) or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _refuse(way: str, tool: str, message: str) -> int:
    if way == "hook" and tool != "codex":
        said: dict[str, object] = {"continue": False, "decision": "block"}
        said.update(dict.fromkeys(("reason", "stopReason", "systemMessage"), message))
        if tool == "cursor":
            said = {"continue": False, "permission": "deny", "user_message": message}
        sys.stdout.write(json.dumps(said) + "\n")
        return 0
    sys.stderr.write(message + "\n")
    return BLOCKED if way == "hook" else REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ), time.time()))  # noqa: TID251 - a program of its own: time comes in here
