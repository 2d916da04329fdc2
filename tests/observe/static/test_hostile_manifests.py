"""Arbitrary bytes at any place that is read: no exception, nothing that cannot be sent on, nothing without bounds."""

import json
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.observe.static.extensions import extensions
from clearance.observe.static.supply import bundled, dependencies, identify_bundled, supply_facts

PATHS = (
    ".mcp.json",
    ".vscode/mcp.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
    ".claude/settings.json",
    ".claude-plugin/plugin.json",
    ".claude-plugin/marketplace.json",
    ".claude/commands/x.md",
    ".claude/agents/x.md",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".gemini/commands/x.toml",
    ".devcontainer/devcontainer.json",
    ".aider.conf.yml",
    ".env",
    ".cursorrules",
    ".kiro/hooks/x.kiro.hook",
    ".amazonq/cli-agents/x.json",
    "AGENTS.md",
    "opencode.jsonc",
    "hooks/hooks.json",
    "manifest.json",
    "server.json",
    "smithery.yaml",
    "skills/x/SKILL.md",
    "tools.json",
    "package.json",
    "x.vsix!/extension/package.json",
    "package-lock.json",
    "yarn.lock",
    "uv.lock",
    ".npmrc",
    "node_modules/x/binding.gyp",
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "site-packages/x.pth",
    "site-packages/sitecustomize.py",
    "site-packages/x-1.dist-info/METADATA",
    "site-packages/x-1.dist-info/entry_points.txt",
    "site-packages/x-1.dist-info/direct_url.json",
    "site-packages/x-1.dist-info/sboms/x.cdx.json",
)
KEYS = (
    "mcpServers servers mcp hooks command args env url permissions allow deny tools name description inputSchema properties"
    " packages remotes server mcp_config plugins source tasks runOptions runOn agent prompt scripts postinstall dependencies"
    " bin version license engines vscode overrides publisher activationEvents packages resolved startCommand settings"
    " manifest_version hooks matcher type projects components purl bomFormat"
).split()
WORDS = st.sampled_from(
    ["x", "true", "folderOpen", "git+https://a", "\ud800", "\0", "<!--", "!`x`", "CycloneDX", "*", "function"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=30,
)


def read_all(path, data):
    """Every fact of a file, encoded as a worker sends it on."""
    facts = (extensions(path, data), supply_facts(path, data), dependencies(path, data), bundled(path, data))
    return msgspec.msgpack.encode((*facts, tuple(identify_bundled(data, path))))


@given(path=st.sampled_from(PATHS), data=st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(path, data):
    read_all(path, data)


@given(path=st.sampled_from(PATHS), text=st.text(max_size=200))
def test_arbitrary_text_never_raises(path, text):
    read_all(path, text.encode("utf-8", "surrogatepass"))
    read_all(path, text.encode("utf-16", "surrogatepass"))


@pytest.mark.long
@settings(max_examples=300)
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_wrong_types_everywhere_never_raise(path, value):
    read_all(path, json.dumps(value).encode())


@given(
    path=st.sampled_from([p for p in PATHS if p.endswith((".md", ".yml", ".yaml"))]),
    lines=st.lists(
        st.tuples(
            st.integers(0, 6),
            st.sampled_from(
                [
                    "---",
                    "- ",
                    "a:",
                    "hooks:",
                    "b: [",
                    "c: {x: ",
                    "- - ",
                    "d: |",
                    "e: >",
                    "f: 'x",
                    '"g": "',
                    "# r",
                    "]",
                    "tools: [a, b]",
                    "...",
                    ": x",
                ]
            ),
        ),
        max_size=14,
    ),
)
def test_odd_yaml_never_raises(path, lines):
    body = "\n".join(" " * indent + line for indent, line in lines)
    read_all(path, f"---\n{body}\n---\nx".encode())
    read_all(path, body.encode())


@given(path=st.text(max_size=40))
def test_any_path_is_taken(path):
    read_all(path, b"{}")


@pytest.mark.long
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "piece",
    [
        b"[",
        b'{"mcpServers":',
        b'{"a":',
        b"- ",
        b"!`",
        b"!{",
        b"\0",
        b"\xff",
        b"import ",
        b"a.",
        b'"',
        b"/*",
        b"\\",
        b"name: ",
        b"[x]\n",
        b"<!((",
    ],
)
def test_no_repetition_takes_long(path, piece):
    data = piece * (60_000 // len(piece))
    began = time.process_time()
    read_all(path, data)
    assert time.process_time() - began < 3


def test_what_is_said_of_a_file_has_bounds():
    servers = {f"s{i}": {"command": "x" * 9000, "args": ["y" * 9000]} for i in range(600)}
    facts = extensions(".mcp.json", json.dumps({"mcpServers": servers}).encode())
    assert len(facts) <= 300
    assert all(len(f.commands[0]) <= 4096 for f in facts)
    (fact,) = supply_facts("package.json", json.dumps({"name": "x", "scripts": {"install": "y" * 100_000}}).encode())
    assert len(fact.text) == 4096
