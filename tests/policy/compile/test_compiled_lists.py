"""Lists for networks and devices: what is refused, and that those who read them can."""

import json
import plistlib
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from rulings import NOW, policies

from clearance.model.ruling import Requirement, Ruling, RulingState
from clearance.policy.compile import dns_rpz, osquery, santa, squid
from clearance.policy.compile.network import refused_hosts
from clearance.policy.compile.target import Context

CONTEXT = Context(now=NOW, helper_key="ab" * 32)
GATEWAY = "https://gateway.example.com"
TABLES = {
    "npm_packages": "name, version, description, author, license, homepage, path",
    "homebrew_packages": "name, path, version, type, auto_updates",
    "file": "path, directory, filename, inode, uid, gid, mode, size, mtime",
    "processes": "pid, name, path, cmdline, uid",
    "process_envs": "pid, key, value",
    "hash": "path, directory, md5, sha1, sha256",
}
"""Of osquery 5, as its documentation lists them."""


def banned(*tools: str) -> tuple[Ruling, ...]:
    return tuple(Ruling(tool=tool, state=RulingState.BANNED, message="Not here.") for tool in tools)


def gated(tool: str) -> Ruling:
    return Ruling(tool=tool, state=RulingState.CONDITIONAL, gateway=GATEWAY, requirements=(Requirement.GATE,))


def hosts(*rulings: Ruling) -> set[str]:
    return {refused.host for refused in refused_hosts(rulings, CONTEXT)}


def test_a_host_of_one_tool_alone_is_refused_when_it_is_banned():
    assert {"dashscope.aliyuncs.com", "chat.qwen.ai"} <= hosts(*banned("qwen-code"))


def test_a_shared_host_stays_open_while_another_tool_may_use_it_directly():
    allowed = Ruling(tool="opencode", state=RulingState.ALLOWED)
    assert "api.openai.com" not in hosts(*banned("codex"))
    assert "api.openai.com" not in hosts(*banned("codex"), allowed)
    assert "api.openai.com" in hosts(*banned("codex", "opencode"))
    assert "api.openai.com" in hosts(*banned("codex"), gated("opencode"))
    assert "api.anthropic.com" in hosts(gated("claude-code"), *banned("opencode"))


def test_the_gateway_is_never_refused():
    own = Ruling(
        tool="qwen-code",
        state=RulingState.CONDITIONAL,
        gateway="https://dashscope.aliyuncs.com/v1",
        requirements=(Requirement.GATE,),
    )
    assert "dashscope.aliyuncs.com" not in hosts(own)


def zone(*rulings: Ruling) -> str:
    (file,) = dns_rpz.TARGET.compile(rulings, CONTEXT).files
    return file.content.decode()


def squid_files(*rulings: Ruling) -> dict[str, str]:
    return {f.name: f.content.decode() for f in squid.TARGET.compile(rulings, CONTEXT).files}


def test_a_later_zone_has_a_greater_serial():
    serial = int(re.search(r"\( (\d+) ", zone(*banned("qwen-code")))[1])
    assert serial == int(NOW.timestamp()) < 2**32


def test_every_line_of_the_zone_is_a_record_or_a_comment():
    for line in zone(*banned("qwen-code", "cursor", "github-copilot")).splitlines():
        assert re.fullmatch(r"\$TTL 300|;.*|@ IN (SOA|NS) .*|(\*\.)?[a-z0-9.-]+ CNAME \.", line), line


def test_no_entry_of_squids_list_lies_below_another():
    listed = squid_files(*banned("cursor", "github-copilot"))["clearance-refused.txt"].splitlines()
    names = [n for n in listed if not n.startswith("#")]
    assert ".cursor.sh" in names
    assert not any(n.endswith(".cursor.sh") and n != ".cursor.sh" for n in names)


@pytest.mark.slow
def test_bind_reads_the_zone(tmp_path: Path):
    if not shutil.which("named-checkzone"):
        pytest.skip("named-checkzone is not here: apt-get install bind9-utils")
    path = tmp_path / "zone"
    path.write_text(zone(*banned("qwen-code", "cursor", "github-copilot", "codex", "opencode", "claude-code")))
    done = subprocess.run(["named-checkzone", "clearance.rpz", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("rulings", [banned("cursor", "qwen-code", "codex", "opencode"), ()])
def test_squid_reads_its_files_without_a_warning(rulings, tmp_path: Path):
    if not shutil.which("squid"):
        pytest.skip("squid is not here: apt-get install squid")
    files = squid_files(*rulings)
    (tmp_path / "clearance-refused.txt").write_text(files["clearance-refused.txt"])
    include = files["clearance.conf"].replace(
        "/etc/squid/clearance-refused.txt", str(tmp_path / "clearance-refused.txt")
    )
    (tmp_path / "squid.conf").write_text(
        f"{include}http_access allow all\nhttp_port 3128\nshutdown_lifetime 0 seconds\n"
    )
    done = subprocess.run(
        ["squid", "-k", "parse", "-f", str(tmp_path / "squid.conf")], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not re.search("WARNING|ERROR|FATAL", said), said


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(rulings=policies)
def test_every_osquery_query_is_sql_over_tables_that_osquery_has(rulings):
    database = sqlite3.connect(":memory:")
    for table, columns in TABLES.items():
        database.execute(f"CREATE TABLE {table} ({columns})")
    (file,) = osquery.TARGET.compile(rulings, CONTEXT).files
    for name, query in json.loads(file.content)["queries"].items():
        assert query["interval"] > 0
        assert set(query) <= {"query", "interval", "description", "snapshot", "platform"}
        database.execute(query["query"]).fetchall(), name


def test_a_changed_file_is_a_row_and_the_compiled_one_is_none():
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE TABLE hash ({TABLES['hash']})")
    (file,) = osquery.TARGET.compile(banned("gemini-cli"), CONTEXT).files
    query = json.loads(file.content)["queries"]["gemini-cli_linux_settings.json"]["query"]
    assert len(database.execute(query).fetchall()) == 1
    digest = re.search("sha256 = '([0-9a-f]{64})'", query)[1]
    database.execute("INSERT INTO hash (path, sha256) VALUES ('/etc/gemini-cli/settings.json', ?)", (digest,))
    assert database.execute(query).fetchall() == []


def test_santa_gets_the_same_rules_as_a_profile_and_as_a_list():
    files = {f.name: f.content for f in santa.TARGET.compile(banned("claude-code", "gemini-cli"), CONTEXT).files}
    rules = json.loads(files["rules.json"])["rules"]
    assert [rule["identifier"] for rule in rules] == ["Q6L2SF6YDW:com.anthropic.claude-code"]
    assert {(rule["policy"], rule["rule_type"], rule["custom_msg"]) for rule in rules} == {
        ("BLOCKLIST", "SIGNINGID", "Not here.")
    }
    profile = plistlib.loads(files["clearance-santa.mobileconfig"])
    assert profile["PayloadContent"][0]["StaticRules"] == rules
    assert profile["PayloadType"] == "Configuration"


def test_santa_says_that_it_cannot_stop_what_runs_on_an_interpreter():
    rows = santa.TARGET.compile(banned("claude-code", "gemini-cli"), CONTEXT).coverage
    assert {row.clause.tool: row.how.value for row in rows if row.clause.kind.value == "ban"} == {
        "claude-code": "enforced",
        "gemini-cli": "cannot",
    }
