"""Files that make other programs run something or trust something: what is written into them is read as it would run.

A file of an assistant, an editor, a package or git is no place like a folder: what matters is what stands in it.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from clearance.detect.commands.destinations import published
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect

_MOST: Final = 65_536
_MOST_COMMANDS: Final = 60

_ASSISTANT: Final = (
    r"\.claude/settings(?:\.local)?\.json$|\.claude\.json$|\.(?:gemini|qwen)/settings\.json$|\.codex/(?:config\.toml|"
    r"hooks\.json)$|\.cursor/(?:hooks|cli-config|cli)\.json$|claude-code/managed-settings\.json$"
)
_SERVERS: Final = r"(?:^|/)\.?mcp(?:_config)?\.json$|claude_desktop_config\.json$|mcp_settings\.json$"
_TASKS: Final = r"\.vscode/tasks\.json$"
_EDITOR: Final = r"\.(?:vscode|cursor)/settings\.json$|(?:code|cursor)/user/settings\.json$"
_CONTAINER: Final = r"devcontainer\.json$"
_PACKAGE: Final = r"(?:^|/)package\.json$"
_GIT: Final = r"(?:^|/)\.gitconfig$|\.git/config$|\.config/git/config$"
_PROFILES: Final = (
    r"(?:^|/)\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv|zlogin|kshrc|xprofile|envrc)$|"
    r"etc/(?:profile|bash\.bashrc|zshenv|environment)"
)
_HOOKS: Final = r"\.git/hooks/|(?:^|/)\.husky/[\w-]+$"
_STORES: Final = r"(?:^|/)\.(?:npmrc|yarnrc(?:\.yml)?)$|(?:^|/)pip(?:\.conf|\.ini)$|bunfig\.toml$|(?:^|/)uv\.toml$"
_USUAL: Final = (
    r"(?!(?:npx )?(?:husky|patch-package|node-gyp|node-gyp-build|prebuild-install|prisma|lefthook|simple-git-hooks|"
    r"electron-builder|electron-rebuild|ngcc|nuxt|svelte-kit|wxt|tsc|fumadocs-mdx|playwright|lerna|turbo)\b)"
)


class _Row(NamedTuple):
    path: re.Pattern[str]
    said: re.Pattern[str]
    can: Can
    weight: float
    sentence: str


def _row(path: str, said: str, can: Can, weight: float, sentence: str) -> _Row:
    return _Row(re.compile(path), re.compile(said), can, weight, sentence)


_ROWS: Final = (
    _row(_ASSISTANT, r'"(?:hooks|PreToolUse|PostToolUse|SessionStart|SessionEnd|UserPromptSubmit|Stop|SubagentStop|'
         r'beforeShellExecution|afterFileEdit|Notification|PreCompact)"', Can.PERSIST, 0.46,
         "It makes the assistant run commands by itself, as hooks"),
    _row(_ASSISTANT, r'bypassPermissions|[dD]angerously|"yolo"|approval_policy\s*=\s*"never"|danger-full-access|'
         r'enableAllProjectMcpServers"\s*:\s*true|"Bash(?:\(\*?(?::\*)?\))?"\s*[,\]]', Can.ESCALATE, 0.55,
         "It lets the assistant act without asking"),
    _row(_ASSISTANT, r'"(?:apiKeyHelper|awsAuthRefresh|awsCredentialExport|otelHeadersHelper|statusLine)"|'
         r'ANTHROPIC_BASE_URL|\bnotify\s*=', Can.PERSIST, 0.46,
         "It makes the assistant run a program or talk to another server"),
    _row(f"{_SERVERS}|{_ASSISTANT}", r'"mcpServers"|\bmcp_servers\b', Can.PERSIST, 0.46,
         "It makes the assistant start or call a server of tools"),
    _row(_SERVERS, r'"(?:command|url|serverUrl)"\s*:', Can.PERSIST, 0.46,
         "It makes the assistant start or call a server of tools"),
    _row(_TASKS, r"folderOpen", Can.PERSIST, 0.5, "It makes the editor run a task whenever the folder is opened"),
    _row(_TASKS, r'"command"\s*:', Can.PERSIST, 0.2, "It sets a task of the editor"),
    _row(_EDITOR, r'autoApprove"?\s*"?:\s*(?:true|\{)|allowAutomaticTasks"\s*:\s*"on', Can.ESCALATE, 0.5,
         "It lets the editor act without asking"),
    _row(_CONTAINER, r'"initializeCommand"', Can.PERSIST, 0.46, "It makes the editor run a command on the host"),
    _row(_PACKAGE, rf'"(?:pre|post)?install"\s*:\s*"{_USUAL}', Can.PERSIST, 0.46,
         "It makes the package run a command when it is installed"),
    _row(_GIT, r"(?i)sshcommand|hookspath|fsmonitor[ \t]*=[ \t]*[^\s\dtf]|=[ \t]*\"?!", Can.PERSIST, 0.2,
         "It makes git run something"),
    _row(_PROFILES, r"(?m)^[ \t]{0,40}alias\s{1,9}[\w.-]{1,60}=['\"]?"
         r"(?:/(?:tmp|var/tmp|dev/shm)/|[~$\w{}/.-]{0,80}/\.\w[\w.-]{0,40}(?:/[\w.-]{1,40})?['\"]?[ \t]{0,9}$)",
         Can.PERSIST, 0.5, "It makes a command stand for a program in a place that is hidden or anybody's"),
    _row(_PROFILES, r"\bNODE_OPTIONS=.{0,200}?(?:--require|--import|--loader|--experimental-loader|-r\s)|"
         r"\b(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|BASH_ENV|PERL5OPT|RUBYOPT|PYTHONSTARTUP|JAVA_TOOL_OPTIONS)=",
         Can.PERSIST, 0.5, "It makes programs load code at every start"),
)  # fmt: skip
_JSON: Final = re.compile(f"{_ASSISTANT}|{_SERVERS}|{_TASKS}|{_CONTAINER}|{_EDITOR}")
_WHOLE: Final = re.compile(f"{_PROFILES}|{_HOOKS}")
_OF_PACKAGE: Final = re.compile(_PACKAGE)
_OF_GIT: Final = re.compile(_GIT)
_OF_STORES: Final = re.compile(_STORES)
_TEXT: Final = r'"((?>[^"\\]++|\\.){1,400}+)"'
_LIST: Final = r'\[((?>[^\]"]++|"(?>[^"\\]++|\\.){0,400}+"){0,80}+)\]'
_NAMED: Final = re.compile(
    r'"(?:command|cmd|script|apiKeyHelper|awsAuthRefresh|awsCredentialExport|otelHeadersHelper|\w{2,20}Command)"\s{0,20}:'
    rf'\s{{0,20}}(?:{_TEXT}|{_LIST})(?:\s{{0,200}},\s{{0,200}}"args"\s{{0,20}}:\s{{0,20}}{_LIST})?'
)
_ARGUMENTS: Final = re.compile(rf'"args"\s{{0,20}}:\s{{0,20}}{_LIST}')
_INSTALLS: Final = re.compile(
    rf'"(?:(?:pre|post)?install|prepare|preprepare|postprepare|prepublish)"\s{{0,20}}:\s{{0,20}}{_TEXT}'
)
_GIT_RUNS: Final = re.compile(
    r"(?im)^[ \t]*(?:sshcommand|fsmonitor|pager|editor)[ \t]*=[ \t]*(.{1,2000})$|=[ \t]*\"?!(.{1,2000})$"
)
_WORD: Final = re.compile(_TEXT)
_STORE: Final = re.compile(
    r"(?m)^[ \t]*((?:@[\w.-]+:)?)(?:registry|(?:extra-)?index-url|npmRegistryServer)"
    r"[ \t]*[=:][ \t]*[\"']?(\S{1,500}?)[\"']?[ \t]*$"
)


def look_at_configuration(scene: Scene, path: str, text: str) -> None:
    """Say what a file makes other programs do, and read the commands in it; nothing for any other file."""
    key, text = normal(path), text[:_MOST]
    if not text.strip():
        return
    for row in _ROWS:
        if row.path.search(key) and (found := row.said.search(text)):
            scene.see(row.can, row.weight, f"{row.sentence}: {path[:120]}.", found.group(0))
    if _OF_STORES.search(key):
        _packages(scene, path, text)
    held = dict(scene.variables), dict(scene.functions)
    for command in list(commands_in(key, text))[:_MOST_COMMANDS]:
        scene.nested(command, Dialect.BASH)
    scene.variables, scene.functions = held


def commands_in(key: str, text: str) -> Iterator[str]:
    """The commands that a file of configuration holds, by the normal form of its path."""
    if _WHOLE.search(key):
        first = text.lstrip().partition("\n")[0]
        if not first.startswith("#!") or "sh" in first:
            yield text
    elif _JSON.search(key):
        for found in _NAMED.finditer(text):
            line = _plain(found[1]) if found[1] else " ".join(_words(found[2] or ""))
            yield " ".join((line, *_words(found[3] or "")))
        if not _NAMED.search(text):
            yield from (" ".join(_words(found[1])) for found in _ARGUMENTS.finditer(text))
    elif _OF_PACKAGE.search(key):
        yield from (_plain(found[1]) for found in _INSTALLS.finditer(text))
    elif _OF_GIT.search(key):
        yield from ((found[1] or found[2]).strip().strip('"') for found in _GIT_RUNS.finditer(text))


def _words(listed: str) -> Iterator[str]:
    for found in _WORD.finditer(listed):
        word = _plain(found[1])
        yield word if re.fullmatch(r"[\w./:@=-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def _plain(said: str) -> str:
    """A text of JSON without its escapes."""
    try:
        return str(json.loads(f'"{said}"', strict=False))
    except ValueError:
        return said


def _packages(scene: Scene, path: str, text: str) -> None:
    for found in _STORE.finditer(text):
        if not published(found[2], scene.trusted) and "pkg.github.com" not in found[2]:
            weight = 0.2 if found[1] else 0.46  # names of one owner may well lie with that owner
            said = f"It makes packages come from {found[2][:120]}: {path[:120]}."
            scene.see(Can.PERSIST, weight, said, found.group(0).strip())
