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
_IN_PATH = re.compile(r"/v?([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)(?:/|$)")
_LAUNCHERS = ("node", "bun", "deno", "sh", "bash", "dash", "zsh")


def version_of(tool: str, parent: int) -> str:
    """The version of the tool that process ``parent`` runs, or one of its two ancestors; empty when unknown."""
    for _ in range(3):
        for path in _programs(parent):
            found = version_at(path, PACKAGES.get(tool, ()))
            if found:
                return found
        parent = _parent_of(parent)
        if parent <= 1:
            break
    return ""


def version_at(path: str, packages: "tuple[str, ...]") -> str:
    """The version in the nearest package.json of one of these packages above a file, else in the path itself."""
    folder = os.path.dirname(os.path.realpath(path))
    while len(folder) > 1:
        try:
            with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
                manifest = json.load(file)
            if str(manifest.get("name", "")).startswith(packages):
                return re.sub(r"-(linux|darwin|win32)-.*$", "", str(manifest.get("version", "")))
        except (OSError, ValueError, AttributeError, RecursionError):
            pass
        folder = os.path.dirname(folder)
    last = path.rpartition("/")[2]
    found = None if last in _LAUNCHERS else _IN_PATH.search(os.path.realpath(path))
    return found.group(1) if found else ""


def _programs(process: int) -> "list[str]":
    """The program of a process and, where that is an interpreter, the script it runs."""
    try:
        program = os.readlink("/proc/" + str(process) + "/exe")
        with open("/proc/" + str(process) + "/cmdline", "rb") as file:
            arguments = file.read(1 << 16).decode("utf-8", "replace").split("\0")
    except OSError:
        return []
    scripts = [a for a in arguments[1:] if not a.startswith("-") and a.startswith("/")][:1]
    return [program, *scripts]


def _parent_of(process: int) -> int:
    try:
        with open("/proc/" + str(process) + "/stat", encoding="utf-8", errors="replace") as file:
            return int(file.read(4096).rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
