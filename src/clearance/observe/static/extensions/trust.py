"""Which settings change whom an agent trusts: one table for all assistants, over keys joined by full stops.

1. A permission is said as the file says it: a tool alone (``Bash(git:*)``) when it is allowed, ``…: denied`` and
   ``…: asks`` when it is not, ``key: value`` for a mode or a variable.
2. A value that is the cautious one is not listed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import command_line, setting

_ALLOWED: Final = re.compile(
    r"(?:^|\.)(?:permissions\.allow|permissions\.allowed_tools|allowed_?[tT]ools|allowed-tools|tools\.allowed|coreTools"
    r"|tools\.core|alwaysAllow|alwaysAllowedTools|autoApprovedTools|trustedTools|trusted_commands|allowedCommands)$"
)
_DENIED: Final = re.compile(
    r"(?:^|\.)(?:permissions\.deny|excludeTools|tools\.exclude|disallowed_?[tT]ools|deniedTools)$"
)
_ASKED: Final = re.compile(r"(?:^|\.)permissions\.ask$")
_MODE: Final = re.compile(
    r"(?:^|\.)(?:defaultMode|permissionMode|initialPermissionMode|defaultApprovalMode|approval_?[mM]ode"
    r"|approval_?[pP]olicy|sandbox_?[mM]ode|yes-always|trust_level|default_permissions|confirmationMode)$"
)
_CAUTIOUS: Final = re.compile(
    r"(?:default|plan|ask|manual|untrusted|on-request|read-only|workspace-write|normal|prompt|false|suggest|strict)\Z",
    re.IGNORECASE,
)
_ON: Final = re.compile(
    r"(?:^|\.)(?:enableAllProjectMcpServers|autoAccept|auto_?[aA]pprov\w*|autoApproval\w*|autoRun\w*|yolo\w*|trust"
    r"|trustAllTools|dangerously\w*|allowDangerously\w*|skipDangerous\w*|skipWebFetchPreflight|disableAllHooks"
    r"|allowUnsandboxedCommands|autoAllowBashIfSandboxed|enableWeaker\w*|network_access|always_allow_tool_actions"
    r"|allowAllTools|allow_all|privileged|allowAutomaticTasks|alwaysAllow\w*|bypass\w*|fullAccess|auto-test|auto-lint"
    r"|permission(?:\.[^.]*)*|chat\.tools\.[\w.]*autoApprove.*|mcp\.autostart)$"
)
_OFF: Final = re.compile(
    r"(?:^|\.)(?:folderTrust\.enabled|workspace\.trust\.enabled|disableYoloMode|sandbox(?:\.enabled)?|strictSSL"
    r"|proxyStrictSSL|verify-ssl|requireApproval|confirm\w*|untrustedFiles)$"
)
_YES: Final = frozenset({"true", "on", "always", "allow", "yes", "1", "all"})
_NO: Final = frozenset({"false", "off", "never", "none", "0", "no"})
_LISTED: Final = re.compile(
    r"(?:^|\.)(?:enabledMcpjsonServers|additionalDirectories|includeDirectories|include_directories|writable_roots"
    r"|excludedCommands|plugin|extraKnownMarketplaces(?:\..*)?|trustedFolders|alwaysAllow|autoApprove"
    r"|runArgs|capAdd|mounts|read)$"
)
_PLUGIN: Final = re.compile(r"(?:^|\.)enabledPlugins\.")
_ENVIRONMENT: Final = re.compile(
    r"(?:^|\.)(?:env|set-env|environment|containerEnv|remoteEnv|shell_environment_policy\.set|environmentVariables"
    r"|terminal\.integrated\.env\.\w+)(?:\.|$)"
)
_REDIRECT: Final = re.compile(
    r"(?:base_?url|api_?(?:base|url|host|endpoint)|-api-base|proxy(?:_?url)?|otlp_?endpoint|overrideCAPIUrl|authUrl)$",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(
    r"(?:^|\.)(?:apiKeyHelper|awsAuthRefresh|awsCredentialExport|gcpAuthRefresh|otelHeadersHelper|policyHelper(?:\.path)?"
    r"|statusLine\.command|subagentStatusLine\.command|fileSuggestion\.command|(?:claude)?[pP]rocessWrapper|notify"
    r"|(?:tools\.)?(?:discoveryCommand|callCommand)|tool(?:Discovery|Call)Command|lint-cmd|test-cmd|notifications-command"
    r"|(?:lsp|formatter)\.[^.]+\.command|model_providers\.[^.]+\.auth\.command)$"
)
_TEXT: Final = re.compile(
    r"(?:^|\.)(?:instructions|developer_instructions|additional_developer_instructions|base_instructions|systemPrompt"
    r"|customInstructions|claudeMd|append_?[sS]ystem_?[pP]rompt|experimental_instructions_file|model_instructions_file"
    r"|[iI]nstructions\.text|contextFileName|context\.fileName)$"
)


@dataclass(slots=True)
class Trust:
    """What settings ask for."""

    permissions: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.permissions or self.commands or self.texts)


def trust_in(value: Node, *, beside: tuple[str, ...] = ()) -> Trust:
    """What the settings ask for; what lies below the top keys ``beside`` is another fact."""
    found = Trust()
    programs: dict[str, list[str]] = {}
    for key, text in value.leaves():
        if key.partition(".")[0] in beside or ".mcpServers." in f".{key}":
            continue
        found.permissions += _permissions(key, text)
        if _COMMAND.search(key):
            programs.setdefault(key, []).append(text)
        elif _TEXT.search(key):
            found.texts.append(text)
        if _REDIRECT.search(key) and "://" in text:
            found.urls.append(text)
    found.commands += [command_line(words) for words in programs.values()]
    return found


def _permissions(key: str, text: str) -> Iterator[str]:
    """What one leaf asks for."""
    low = text.lower()
    if _ALLOWED.search(key):
        yield text
    elif _DENIED.search(key):
        yield f"{text}: denied"
    elif _ASKED.search(key):
        yield f"{text}: asks"
    elif (
        (_MODE.search(key) and not _CAUTIOUS.match(text))
        or (_ON.search(key) and low in _YES)
        or (_OFF.search(key) and low in _NO)
        or (_LISTED.search(key) and low not in _NO)
        or (_PLUGIN.search(key) and low == "true")
        or text in {"TRUST_FOLDER", "TRUST_PARENT"}
        or _ENVIRONMENT.search(key)
        or (_REDIRECT.search(key) and "://" in text)
        or key.endswith("apiKeyHelper")
    ):
        yield setting(key, text)
