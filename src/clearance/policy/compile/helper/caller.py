"""Which version of a tool called us: from what the tool says, else from where its program lies.

Only what the kernel tells about the calling process is read; a developer's environment is not believed.
"""

import json
import os
import re

PACKAGES = {
    "codex": ("@openai/codex",),
    "gemini-cli": ("@google/gemini-cli",),
    "qwen-code": ("@qwen-code/qwen-code",),
    "opencode": ("opencode-ai", "opencode-"),
}
"""Names that a tool's npm package has, or begins with."""
_LAUNCHERS = ("node", "bun", "deno")
"""Programs that run a tool which is a script."""


def can_tell() -> bool:
    """Whether this system shows a process the programs of others: Linux does, macOS not in this way."""
    return os.path.isdir("/proc/self")


def version_of(tool: str, parent: int) -> str:
    """The version of the tool that process ``parent`` runs, or one of its two ancestors; empty when unknown."""
    for _ in range(3):
        for path in _programs(parent):
            found = version_at(path, tool)
            if found:
                return found
        parent = _parent_of(parent)
        if parent <= 1:
            break
    return ""


def version_at(path: str, tool: str) -> str:
    """The version in the nearest package.json of the tool above a file, else behind the tool's name in the path."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    while len(folder) > 1:
        found = _packaged(os.path.join(folder, "package.json"), PACKAGES.get(tool, ()))
        if found:
            return found
        folder = os.path.dirname(folder)
    named = re.search("/" + re.escape(tool.partition("-cli")[0]) + r"(?:-cli)?/v?([0-9]+(?:\.[0-9]+)+)/", real)
    return named.group(1) if named else ""


def _packaged(path: str, packages: "tuple[str, ...]") -> str:
    try:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        if packages and str(manifest.get("name", "")).startswith(packages):
            return re.sub(r"-(linux|darwin|win32)-.*$", "", str(manifest.get("version", "")))
    except (OSError, ValueError, AttributeError, RecursionError):
        pass
    return ""


def _programs(process: int) -> "list[str]":
    """The program of a process; where that only runs scripts, the script."""
    place = "/proc/" + str(process)
    try:
        program = os.readlink(place + "/exe")
        if os.path.basename(program) not in _LAUNCHERS:
            return [program]
        with open(place + "/cmdline", "rb") as file:
            arguments = file.read(1 << 16).decode("utf-8", "replace").split("\0")
        scripts = [a for a in arguments[1:] if a and not a.startswith("-")]
        return [os.path.join(os.readlink(place + "/cwd"), script) for script in scripts[:1]]
    except OSError:
        return []


def _parent_of(process: int) -> int:
    try:
        with open("/proc/" + str(process) + "/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read(4096).rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
