"""What real releases do with what is compiled for them, and that the coverage report says so."""

import datetime as dt
import json

import pytest

from clearance.lab.staging import Limits, SeedFile
from clearance.model.ruling import McpServer, Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan

pytestmark = [pytest.mark.network, pytest.mark.room, pytest.mark.enable_socket, pytest.mark.timeout(600)]

BAN = "Example Corp does not use this tool."
INSTEAD = "something-else"
GATEWAY = "https://gateway.example.com"
DOCS = McpServer(name="docs", url="https://mcp.example.com/docs")
AS_ROOT = {"user_id": 0}
"""Gemini CLI reads system settings only when root owns them."""
HOW_RUN = {"gemini-cli": AS_ROOT}
TOOLS = ("claude-code", "codex", "gemini-cli", "qwen-code", "opencode")


def banned(tool: str) -> Ruling:
    return Ruling(tool=tool, state=RulingState.BANNED, message=BAN, replacement=INSTEAD)


def allowed(tool: str, **more: object) -> Ruling:
    state = RulingState.CONDITIONAL if more.get("requirements") else RulingState.ALLOWED
    return Ruling(tool=tool, state=state, message="Ask the platform team.", **more)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_that_is_allowed_starts_and_says_nothing_of_the_files(tool, compiled, start):
    policy = compiled(tool, allowed(tool, versions=VersionSpan(minimum="0.0.1"), mcp_servers=(DOCS,)))
    seen = start(tool, policy.on_linux(), **HOW_RUN.get(tool, {}))
    assert (seen.code, seen.turns > 0) == (0, True), seen.said
    for word in ("nrecognized", "nvalid", "ignored", "insecure", "Skipping", "policy of this machine"):
        assert word not in seen.said


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("helper", [True, False])
def test_a_banned_tool_sends_no_prompt_and_does_not_end_well(tool, helper, compiled, start):
    policy = compiled(tool, banned(tool), helper=helper)
    seen = start(tool, policy.on_linux(), **HOW_RUN.get(tool, {}))
    assert seen.turns == 0
    assert seen.code not in {0, None}, seen.said
    if policy.how("message") != "cannot":
        assert f"{BAN} Use {INSTEAD} instead." in " ".join(seen.said.split())
    assert policy.how("ban") in {"enforced", "partly"}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    "span",
    [VersionSpan(minimum="900.0.0"), VersionSpan(maximum="0.0.2"), VersionSpan(maximum="0.1.0", maximum_excluded=True)],
)
def test_a_version_outside_of_the_window_sends_no_prompt(tool, span, compiled, start):
    policy = compiled(tool, allowed(tool, versions=span))
    seen = start(tool, policy.on_linux(), **HOW_RUN.get(tool, {}))
    assert seen.turns == 0, seen.said
    refuses_to_start = seen.code not in {0, None}
    assert (policy.how("window") == "enforced") <= refuses_to_start
    if tool in {
        "claude-code",
        "opencode",
        "gemini-cli",
    }:  # codex exec and qwen show no word of a hook: the report says so
        assert f"allowed is {span}" in seen.said


@pytest.mark.parametrize("tool", TOOLS)
def test_without_the_helper_a_window_is_enforced_only_where_the_report_says_so(tool, compiled, start):
    policy = compiled(tool, allowed(tool, versions=VersionSpan(minimum="900.0.0")), helper=False)
    seen = start(tool, policy.on_linux(), **HOW_RUN.get(tool, {}))
    assert (policy.how("window") == "cannot") == (seen.turns > 0)


@pytest.mark.parametrize("tool", TOOLS)
def test_an_expired_bundle_stops_every_tool(tool, compiled, start):
    long_ago = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=30)
    policy = compiled(tool, allowed(tool), now=long_ago, days=7)
    seen = start(tool, policy.on_linux(), **HOW_RUN.get(tool, {}))
    assert seen.turns == 0, seen.said


NPM = "/opt/assistant/node_modules"
ON_A_TERMINAL = {
    "claude-code": f"{NPM}/@anthropic-ai/claude-code-linux-x64/claude 'Read the README'",
    "codex": f"node {NPM}/@openai/codex/bin/codex.js 'Read the README'",
    "gemini-cli": f"node {NPM}/@google/gemini-cli/bundle/gemini.js -i 'Read the README'",
    "qwen-code": f"node {NPM}/@qwen-code/qwen-code/cli-entry.js --auth-type openai -i 'Read the README'",
    "opencode": f"{NPM}/opencode-linux-x64/bin/opencode --model openai/gpt-5 --prompt 'Read the README'",
}


@pytest.mark.slow
@pytest.mark.parametrize("tool", TOOLS)
def test_a_banned_tool_sends_no_prompt_on_a_terminal_either(tool, compiled, start):
    line = ("script", "-qec", ON_A_TERMINAL[tool], "/dev/null")
    more = {"command": line, **HOW_RUN.get(tool, {})}
    seen = start(tool, compiled(tool, banned(tool)).on_linux(), limits=Limits(wall_s=20), **more)
    assert seen.turns == 0
    if tool in {"claude-code", "codex"}:  # they end at once; when allowed they wait for answers of a real terminal
        assert (seen.code, BAN in " ".join(seen.said.split())) == (1, True), seen.said
    else:
        assert start(tool, compiled(tool, allowed(tool)).on_linux(), limits=Limits(wall_s=60), **more).turns > 0


EVIL = "https://evil.example.com/mcp"
OWN_SERVERS = {
    "claude-code": ("/home/dev/.claude.json", {"mcpServers": {"evil": {"type": "http", "url": EVIL}}}),
    "gemini-cli": (
        "/home/dev/.gemini/settings.json",
        {"security": {"auth": {"selectedType": "gemini-api-key"}}, "mcpServers": {"evil": {"httpUrl": EVIL}}},
    ),
    "qwen-code": ("/home/dev/.qwen/settings.json", {"mcpServers": {"evil": {"httpUrl": EVIL}}}),
    "opencode": ("/home/dev/.config/opencode/opencode.json", {"mcp": {"evil": {"type": "remote", "url": EVIL}}}),
}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("servers", [(), (DOCS,)])
def test_an_mcp_server_of_the_developer_is_asked_only_where_the_report_says_so(tool, servers, compiled, start):
    policy = compiled(tool, allowed(tool, mcp_servers=servers))
    if tool == "codex":
        own = {"/home/dev/.codex/config.toml": SeedFile(content=f'[mcp_servers.evil]\nurl = "{EVIL}"\n'.encode())}
    else:
        path, table = OWN_SERVERS[tool]
        own = {path: SeedFile(content=json.dumps(table).encode())}
    seen = start(tool, {**policy.on_linux(), **own}, **HOW_RUN.get(tool, {}))
    assert seen.turns > 0, seen.said
    assert ("evil.example.com" in seen.hosts) == (policy.how("mcp-servers") == "cannot")


# ---------------------------------------------------------------- Claude Code


CLAUDE = "claude-code"


@pytest.mark.parametrize("way", [("--bare",), ("--safe-mode",), ("--setting-sources", "")])
def test_no_option_of_claude_code_passes_the_helper_by(way, compiled, start):
    seen = start(CLAUDE, compiled(CLAUDE, banned(CLAUDE)).on_linux(), extra=way)
    assert (seen.code, seen.turns) == (1, 0)
    assert BAN in seen.said


@pytest.mark.parametrize("name", ["CLAUDE_CODE_MANAGED_SETTINGS_PATH", "ANTHROPIC_BASE_URL", "CLAUDE_CODE_USE_BEDROCK"])
def test_no_variable_passes_the_helper_by(name, compiled, start):
    seen = start(CLAUDE, compiled(CLAUDE, banned(CLAUDE)).on_linux(), env={name: "https://elsewhere.example.com"})
    assert (seen.code, seen.turns) == (1, 0)
    assert BAN in seen.said


def test_a_bundle_signed_by_somebody_else_stops_claude_code(compiled, start):
    files = compiled(CLAUDE, allowed(CLAUDE)).on_linux()
    envelope = json.loads(files["/etc/clearance/bundle.json"].content)
    forged = {**envelope, "signature": envelope["signature"][:-8] + "AAAAAAA="}
    seen = start(CLAUDE, {**files, "/etc/clearance/bundle.json": SeedFile(content=json.dumps(forged).encode())})
    assert (seen.code, seen.turns) == (1, 0)
    assert "not signed by the company" in seen.said


def test_a_helper_that_is_missing_stops_claude_code(compiled, start):
    files = compiled(CLAUDE, allowed(CLAUDE)).on_linux()
    del files["/etc/clearance/clearance-policy-helper"]
    seen = start(CLAUDE, files)
    assert (seen.code, seen.turns) == (1, 0)


def test_a_ban_that_begins_later_holds_from_then_on(compiled, start):
    today = dt.datetime.now(tz=dt.UTC)
    later = Ruling(tool=CLAUDE, state=RulingState.BANNED, message=BAN, since=today + dt.timedelta(days=2))
    policy = compiled(CLAUDE, allowed(CLAUDE), later)
    assert policy.how("dates") == "enforced"
    assert start(CLAUDE, policy.on_linux()).turns >= 3
    tomorrow = compiled(CLAUDE, allowed(CLAUDE), later, now=today + dt.timedelta(seconds=-60))
    moved = (today + dt.timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S")
    seen = start(CLAUDE, tomorrow.on_linux(), clock=moved)
    assert (seen.turns, BAN in seen.said) == (0, True), seen.said


def test_gateway_models_and_conditions_of_claude_code_hold(compiled, start):
    ruling = allowed(
        CLAUDE,
        models=("claude-sonnet-5*",),
        gateway=GATEWAY,
        mcp_servers=(),
        requirements=tuple(r for r in Requirement if r is not Requirement.SANDBOX),
    )
    policy = compiled(CLAUDE, ruling)
    seen = start(
        CLAUDE, policy.on_linux(), extra=("--model", "opus"), env={"ANTHROPIC_BASE_URL": "https://else.example.com"}
    )
    assert seen.code == 0, seen.said
    assert seen.hosts == {"gateway.example.com"}
    bodies = [json.loads(b) for b in seen.bodies if b.startswith(b"{") and b'"messages"' in b]
    assert {body["model"].startswith("claude-sonnet-5") for body in bodies} == {True}
    tools = {tool["name"] for body in bodies for tool in body.get("tools", ())}
    assert tools
    assert not tools & {"WebFetch", "WebSearch"}
    assert {policy.how(kind) for kind in ("gateway", "gate", "models", "no-web", "no-telemetry")} == {"enforced"}


def test_a_denied_model_is_replaced_by_another(compiled, start):
    seen = start(
        CLAUDE,
        compiled(CLAUDE, allowed(CLAUDE, denied_models=("claude-opus-*",))).on_linux(),
        extra=("--model", "opus"),
    )
    models = {json.loads(b)["model"] for b in seen.bodies if b.startswith(b"{") and b'"messages"' in b}
    assert (seen.code, bool(models), any("opus" in model for model in models)) == (0, True, False)


def test_no_option_brings_the_modes_that_ask_for_nothing_back(compiled, start):
    program = "/opt/assistant/node_modules/@anthropic-ai/claude-code-linux-x64/claude"
    files = compiled(CLAUDE, allowed(CLAUDE, requirements=(Requirement.NO_BYPASS,))).on_linux()
    for option in ("--dangerously-skip-permissions", "--permission-mode bypassPermissions", "--permission-mode auto"):
        line = f'{program} -p hello {option} --output-format stream-json --verbose | grep -o \'"permissionMode":"[a-zA-Z]*"\''
        seen = start(CLAUDE, files, command=("bash", "-c", line))
        assert '"permissionMode":"default"' in seen.said


def test_a_hook_of_the_developer_does_not_run_with_managed_settings(compiled, start):
    call = "python3 -c \"import urllib.request as u; u.urlopen('http://hook.example.com/')\""
    own = json.dumps({"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": call}]}]}}).encode()
    mine = {"/home/dev/.claude/settings.json": SeedFile(content=own)}
    free = compiled(CLAUDE, allowed(CLAUDE))
    assert "hook.example.com" in start(CLAUDE, {**free.on_linux(), **mine}).hosts
    held = compiled(CLAUDE, allowed(CLAUDE, requirements=(Requirement.MANAGED_SETTINGS,)))
    assert "hook.example.com" not in start(CLAUDE, {**held.on_linux(), **mine}).hosts


def test_another_provider_than_the_gateway_stops_claude_code(compiled, start):
    policy = compiled(CLAUDE, allowed(CLAUDE, gateway=GATEWAY, requirements=(Requirement.GATE,)))
    env = {
        "CLAUDE_CODE_USE_BEDROCK": "1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
    }
    seen = start(CLAUDE, policy.on_linux(), env=env)
    assert (seen.code, seen.hosts) == (1, frozenset())


# ---------------------------------------------------------------- Codex


def test_requirements_of_codex_hold_whatever_its_user_configures(compiled, start):
    wanted = tuple(r for r in Requirement if r is not Requirement.SANDBOX)
    policy = compiled("codex", allowed("codex", gateway=f"{GATEWAY}/v1", mcp_servers=(DOCS,), requirements=wanted))
    own = b'openai_base_url = "https://else.example.com/v1"\n[mcp_servers.evil]\ncommand = "/bin/true"\n'
    files = {**policy.on_linux(), "/home/dev/.codex/config.toml": SeedFile(content=own)}
    seen = start("codex", files, extra=("-c", 'openai_base_url="https://else.example.com/v1"'))
    assert "unrecognized" not in seen.said
    assert "gateway.example.com" in seen.hosts
    assert not seen.hosts & {"else.example.com", "api.openai.com", "ab.chatgpt.com"}
    assert "may not be used" not in seen.said
    assert (policy.how("no-telemetry"), policy.how("no-bypass"), policy.how("gateway")) == (
        "enforced",
        "enforced",
        "partly",
    )


def test_a_ban_of_codex_holds_with_another_provider_and_with_its_own(compiled, start):
    files = compiled("codex", banned("codex")).on_linux()
    for extra in (
        ("--oss",),
        ("-c", 'model_provider="x"', "-c", 'model_providers.x={name="x",base_url="https://x.example.com/v1"}'),
    ):
        seen = start("codex", files, extra=extra)
        assert (seen.code, seen.turns, BAN in seen.said) == (1, 0, True)


def test_a_model_that_is_not_allowed_is_stopped_by_the_hook_of_codex(compiled, start):
    assert start("codex", compiled("codex", allowed("codex", models=("gpt-1*",))).on_linux()).turns == 0
    assert start("codex", compiled("codex", allowed("codex", denied_models=("gpt-*",))).on_linux()).turns == 0
    assert start("codex", compiled("codex", allowed("codex", models=("gpt-*",))).on_linux()).turns > 0


def test_codex_passes_a_missing_helper_by_and_the_report_says_partly(compiled, start):
    policy = compiled("codex", allowed("codex", versions=VersionSpan(minimum="900.0.0")))
    files = policy.on_linux()
    del files["/etc/clearance/clearance-policy-helper"]
    assert start("codex", files).turns > 0
    assert policy.how("window") == "partly"


# ---------------------------------------------------------------- Gemini CLI


GEMINI = "gemini-cli"


def test_conditions_of_gemini_cli_hold(compiled, start):
    wanted = (Requirement.MANAGED_SETTINGS, Requirement.NO_TELEMETRY, Requirement.NO_WEB)
    policy = compiled(GEMINI, allowed(GEMINI, requirements=wanted, mcp_servers=(DOCS,)))
    seen = start(GEMINI, policy.on_linux(), **AS_ROOT)
    assert seen.code == 0, seen.said
    assert "play.googleapis.com" not in seen.hosts
    assert not any(b'"google_web_search"' in body or b'"web_fetch"' in body for body in seen.bodies)
    assert any(b'"read_file"' in body for body in seen.bodies)


def test_gemini_cli_refuses_the_mode_that_asks_for_nothing(compiled, start):
    seen = start(GEMINI, compiled(GEMINI, allowed(GEMINI, requirements=(Requirement.NO_BYPASS,))).on_linux(), **AS_ROOT)
    assert (seen.code, seen.turns) == (52, 0)


def test_a_variable_takes_gemini_cli_past_its_settings_and_the_report_says_partly(compiled, start):
    policy = compiled(GEMINI, banned(GEMINI))
    env = {"GEMINI_CLI_SYSTEM_SETTINGS_PATH": "/tmp/none.json"}
    assert start(GEMINI, policy.on_linux(), env=env, **AS_ROOT).turns >= 3
    assert policy.how("ban") == "partly"


def test_a_model_that_is_not_allowed_is_stopped_by_the_hook_of_gemini_cli(compiled, start):
    seen = start(GEMINI, compiled(GEMINI, allowed(GEMINI, models=("gemini-1*",))).on_linux(), **AS_ROOT)
    assert (seen.turns, "may not be used" in seen.said) == (0, True)


def test_its_user_cannot_switch_hooks_of_gemini_cli_off_altogether(compiled, start):
    files = compiled(GEMINI, allowed(GEMINI, versions=VersionSpan(minimum="900.0.0"))).on_linux()
    own = {"security": {"auth": {"selectedType": "gemini-api-key"}}, "hooksConfig": {"enabled": False}}
    files["/home/dev/.gemini/settings.json"] = SeedFile(content=json.dumps(own).encode())
    assert start(GEMINI, files, **AS_ROOT).turns == 0


# ---------------------------------------------------------------- Qwen Code


QWEN = "qwen-code"


def test_conditions_of_qwen_code_hold(compiled, start):
    wanted = (Requirement.MANAGED_SETTINGS, Requirement.NO_TELEMETRY, Requirement.NO_WEB)
    seen = start(QWEN, compiled(QWEN, allowed(QWEN, requirements=wanted, mcp_servers=())).on_linux())
    assert seen.code == 0, seen.said
    assert not any("rum.aliyuncs.com" in host for host in seen.hosts)
    assert not any(b'"name":"web_fetch"' in body for body in seen.bodies)


def test_the_hook_of_qwen_code_stops_the_mode_that_asks_for_nothing(compiled, start):
    policy = compiled(QWEN, allowed(QWEN, requirements=(Requirement.NO_BYPASS,)))
    assert start(QWEN, policy.on_linux()).turns == 0
    assert (
        compiled(QWEN, allowed(QWEN, requirements=(Requirement.NO_BYPASS,)), helper=False).how("no-bypass") == "cannot"
    )


@pytest.mark.parametrize("extra", [("--bare",), ()])
def test_bare_or_a_variable_takes_qwen_code_past_its_settings_and_the_report_says_partly(extra, compiled, start):
    policy = compiled(QWEN, banned(QWEN))
    env = {} if extra else {"QWEN_CODE_SYSTEM_SETTINGS_PATH": "/tmp/none.json"}
    assert start(QWEN, policy.on_linux(), extra=extra, env=env).turns >= 3
    assert policy.how("ban") == "partly"


# ---------------------------------------------------------------- OpenCode


OPENCODE = "opencode"


def test_without_plugins_a_banned_opencode_starts_without_any_model(compiled, start):
    seen = start(OPENCODE, compiled(OPENCODE, banned(OPENCODE)).on_linux(), extra=("--pure",))
    assert seen.turns == 0
    assert seen.code == 1


def test_without_plugins_a_window_of_opencode_does_not_hold_and_the_report_says_partly(compiled, start):
    policy = compiled(OPENCODE, allowed(OPENCODE, versions=VersionSpan(minimum="900.0.0")))
    assert start(OPENCODE, policy.on_linux(), extra=("--pure",)).turns >= 3
    assert policy.how("window") == "partly"


def test_a_missing_helper_stops_opencode(compiled, start):
    files = compiled(OPENCODE, allowed(OPENCODE)).on_linux()
    del files["/etc/clearance/clearance-policy-helper"]
    assert start(OPENCODE, files).turns == 0


def test_models_and_gateway_of_opencode_hold_whatever_its_user_configures(compiled, start):
    own = json.dumps({"provider": {"openai": {"options": {"baseURL": "https://else.example.com/v1"}}}}).encode()
    mine = {"/home/dev/.config/opencode/opencode.json": SeedFile(content=own)}
    ruling = allowed(OPENCODE, models=("openai/gpt-5",), gateway=f"{GATEWAY}/v1", requirements=(Requirement.NO_WEB,))
    seen = start(OPENCODE, {**compiled(OPENCODE, ruling).on_linux(), **mine})
    assert seen.turns >= 3, seen.said
    assert "gateway.example.com" in seen.hosts
    assert not seen.hosts & {"else.example.com", "api.openai.com"}
    assert not any(b'"webfetch"' in body for body in seen.bodies)
    other = allowed(OPENCODE, models=("openai/gpt-5-nano",))
    assert start(OPENCODE, {**compiled(OPENCODE, other).on_linux(), **mine}).turns == 0
