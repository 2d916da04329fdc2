"""Every key that is compiled is known to the release itself: to its schema, its own documentation, or its strings.

No vendor publishes a schema that can be had without the web; what their packages carry is read when the test runs.
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from clearance.model.ruling import McpServer, Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan
from clearance.policy.compile import codex, gemini_cli, qwen_code
from clearance.policy.compile.claude_settings import claude_settings
from clearance.policy.compile.standing import standing
from clearance.policy.compile.target import Context

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
CONTEXT = Context(now=NOW, helper_key="ab" * 32)
NAMES = {"mcpServers", "mcp_servers", "env", "hooks"}
"""Tables whose own keys are names of servers, variables and events."""


def everything(tool: str) -> tuple[Ruling, ...]:
    return (
        Ruling(
            tool=tool,
            state=RulingState.CONDITIONAL,
            versions=VersionSpan(minimum="1.0", maximum="900.0"),
            models=("openai/gpt-5", "x"),
            denied_models=("y",),
            requirements=tuple(Requirement),
            gateway="https://gateway.example.com",
            mcp_servers=(McpServer(name="docs", url="https://mcp.example.com"),),
        ),
    )


def keys(table: Mapping[str, object], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        named = f"{above}{key}"
        if isinstance(value, Mapping) and key not in NAMES:
            yield from keys(value, f"{named}.")
        else:
            yield named


def contents(got, pattern: str) -> str:
    folder: Path = got.root / got.package
    found = sorted(p for p in folder.glob(pattern) if p.is_file())
    assert found, pattern
    return "\n".join(p.read_text(encoding="utf-8", errors="replace") for p in found)


def test_claude_code_has_every_key_in_its_schema(fetch):
    got = fetch("claude-code")
    (program,) = (p for p in (got.root / got.package).parent.glob("claude-code-linux-*/claude") if p.is_file())
    data = program.read_bytes()
    for rulings in (everything("claude-code"), ()):
        settings = claude_settings(standing("claude-code", rulings, at=NOW, audience=""))
        for key in (*settings, "policyHelper"):
            assert f"{key}:()=>".encode() in data, key
        for name in settings.get("env", {}):
            assert name.encode() in data, name


@pytest.mark.parametrize(
    ("target", "documents"),
    [(gemini_cli, "bundle/docs/**/*.md"), (qwen_code, "bundled/qc-helper/docs/**/*.md")],
)
def test_tools_with_documentation_in_their_package_document_every_key(target, documents, fetch):
    text = contents(fetch(target.ID), documents)
    for rulings in (everything(target.ID), ()):
        (file,) = target.TARGET.compile(rulings, CONTEXT).files
        for key in keys(json.loads(file.content)):
            assert f"`{key}`" in text or f"`{key.rpartition('.')[2]}`" in text or f'"{key}"' in text, key


def test_codex_has_every_key_in_its_strings(fetch):
    got = fetch("codex")
    (program,) = (p for p in (got.root / got.package).parent.glob("codex-linux-*/vendor/*/bin/codex") if p.is_file())
    data = program.read_bytes()
    for file in codex.TARGET.compile(everything("codex"), CONTEXT).files:
        for key in keys(tomllib.loads(file.content.decode())):
            assert key.rpartition(".")[2].encode() in data, key
