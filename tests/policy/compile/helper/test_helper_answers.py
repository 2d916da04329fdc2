"""The helper as one file under plain python3: what it answers, and everything that makes it refuse."""

import dataclasses
import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearance.model.ruling import Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan
from clearance.policy.compile.helper.assemble import PIECES, program
from clearance.policy.compile.helper_bundle import payload, sealed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
DAY = dt.timedelta(days=1)


@dataclasses.dataclass
class Device:
    """A developer's machine: a folder with the program, its bundle, and what it remembers."""

    folder: Path

    def give(self, *rulings: Ruling, now=NOW, days=7, key=KEY, audience: str | None = None) -> "Device":
        bundle = sealed(payload(rulings, now=now, expires=now + days * DAY), key.sign)
        (self.folder / "bundle.json").write_bytes(bundle)
        text = program(
            public_key=KEY.public_key().public_bytes_raw().hex(),
            interpreter=sys.executable,
            bundle=str(self.folder / "bundle.json"),
            audience=str(self.folder / "audience"),
            version="test",
        )
        seen = ("/var/lib/clearance/last-seen", "~/.local/state/clearance/last-seen")
        moved = text.replace(repr(seen[0]).replace("'", '"').encode(), json.dumps(str(self.folder / "seen")).encode())
        moved = moved.replace(b', "~/.local/state/clearance/last-seen"', b",")
        assert moved != text
        (self.folder / "helper").write_bytes(moved)
        (self.folder / "helper").chmod(0o755)
        if audience is not None:
            (self.folder / "audience").write_text(audience + "\n")
        return self

    def ask(self, *arguments: str, version: str = "2.1.331", said: object = None):
        env = {"CLAUDE_CODE_VERSION": version, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.folder)}
        return subprocess.run(
            [str(self.folder / "helper"), *arguments],
            input=json.dumps(said or {}),
            env=env,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def allowed(tool: str = "claude-code", **more: object) -> Ruling:
    state = RulingState.CONDITIONAL if more.get("requirements") else RulingState.ALLOWED
    return Ruling(tool=tool, state=state, **more)


def banned(tool: str = "claude-code", **more: object) -> Ruling:
    return Ruling(tool=tool, state=RulingState.BANNED, message="Not here.", replacement="codex", **more)


def refused(done, *words: str) -> bool:
    assert done.stdout == ""
    return done.returncode == 3 and all(word in done.stderr for word in words)


def test_an_allowed_version_gets_its_managed_settings(device):
    done = device.give(allowed(requirements=(Requirement.NO_WEB,))).ask()
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"managedSettings": {"permissions": {"deny": ["WebFetch", "WebSearch"]}}}


def test_a_banned_tool_is_refused_with_message_and_replacement(device):
    assert refused(device.give(banned()).ask(), "Not here. Use codex instead.")


def test_versions_outside_of_the_window_and_banned_ones_inside_are_refused(device):
    span = VersionSpan(minimum="2.1.300", maximum="2.2.0", maximum_excluded=True)
    bad = VersionSpan(minimum="2.1.310", maximum="2.1.312")
    device.give(allowed(versions=span), banned(versions=bad))
    assert device.ask(version="2.1.331").returncode == 0
    assert device.ask(version="2.1.300").returncode == 0
    assert refused(device.ask(version="2.1.299"), "allowed is >= 2.1.300, < 2.2.0")
    assert refused(device.ask(version="2.2.0"), "allowed is")
    assert refused(device.ask(version="2.1.311"), "Not here.")
    assert refused(device.ask(version=""), "could not be found out")
    assert refused(device.ask(version="nonsense"), "could not be applied")


def test_a_tool_that_no_ruling_names_is_refused(device):
    device.give(allowed())
    assert refused(device.ask("check", "opencode", "1.0.0"), "no decision allows opencode")


def test_what_begins_and_ends_does_so_at_its_instant(device):
    device.give(allowed(until=NOW - DAY), now=NOW - 2 * DAY)
    assert refused(device.ask(), "No decision allows claude-code at this time.")
    device.give(allowed(since=NOW - DAY), now=NOW - 2 * DAY)
    (device.folder / "seen").unlink()
    assert device.ask().returncode == 0
    device.give(allowed(), banned(since=NOW - DAY), now=NOW - 2 * DAY)
    assert refused(device.ask(), "Not here.")


def test_an_exception_holds_for_its_audience_alone(device):
    rulings = (banned(), allowed(audience="research", exception=True))
    assert device.give(*rulings, audience="research").ask().returncode == 0
    assert refused(device.give(*rulings, audience="").ask(), "Not here.")
    assert refused(device.give(*rulings, audience="elsewhere").ask(), "the policy is for everybody, research")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff\xfe", b"null", b'{"payload": "e30=", "signature": "AA=="}', b"[" * 100_000]
)
def test_a_bundle_that_cannot_be_read_is_refused(device, content):
    device.give(allowed())
    (device.folder / "bundle.json").write_bytes(content)
    assert refused(device.ask(), "the policy of this machine")


def test_a_missing_forged_expired_or_future_bundle_is_refused(device):
    assert refused(device.give(allowed(), key=OTHER).ask(), "not signed by the company")
    assert refused(device.give(allowed(), now=NOW - 9 * DAY).ask(), "expired")
    assert refused(device.give(allowed(), now=NOW + DAY).ask(), "clock")
    (device.folder / "bundle.json").unlink()
    assert refused(device.ask(), "there is no policy on this machine")


@pytest.mark.long
def test_one_changed_byte_of_the_payload_is_refused(device):
    device.give(allowed())
    bundle = device.folder / "bundle.json"
    read = json.loads(bundle.read_bytes())
    payload_text = read["payload"]
    for place in range(0, len(payload_text) - 4, max(1, len(payload_text) // 12)):
        changed = payload_text[:place] + ("A" if payload_text[place] != "A" else "B") + payload_text[place + 1 :]
        bundle.write_text(json.dumps({**read, "payload": changed}))
        assert refused(device.ask(), "not signed")


def test_a_clock_that_was_turned_back_is_noticed(device):
    device.give(allowed()).ask()
    first, issued = (device.folder / "seen").read_text().split()
    (device.folder / "seen").write_text(f"{float(first) + 3600} {issued}\n")
    assert refused(device.ask(), "clock")


def test_an_older_bundle_than_one_that_was_seen_is_refused(device):
    device.give(allowed()).ask()
    assert refused(device.give(allowed(), now=NOW - DAY).ask(), "older")


def test_what_it_remembers_may_be_missing_or_broken(device):
    device.give(allowed())
    (device.folder / "seen").write_text("what is this")
    assert device.ask().returncode == 0
    assert len((device.folder / "seen").read_text().split()) == 2


def test_a_hook_of_codex_blocks_by_its_exit_code_and_is_silent_otherwise(device):
    device.give(banned("codex"))
    done = device.ask("hook", "codex", said={"model": "gpt-6"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "Not here." in done.stderr
    done = device.give(allowed("codex")).ask("hook", "codex", said={"model": "gpt-6"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("tool", ["gemini-cli", "qwen-code"])
def test_hooks_of_others_block_in_json(device, tool):
    done = device.give(banned(tool)).ask("hook", tool)
    said = json.loads(done.stdout)
    assert (done.returncode, said["continue"], said["decision"]) == (0, False, "block")
    assert "Not here." in said["reason"]


def test_cursor_is_asked_by_the_version_it_tells(device):
    device.give(allowed("cursor", versions=VersionSpan(minimum="2.0")))
    assert json.loads(device.ask("hook", "cursor", said={"cursor_version": "2.1.0"}).stdout) == {"continue": True}
    said = json.loads(device.ask("hook", "cursor", said={"cursor_version": "1.9"}).stdout)
    assert (said["continue"], "allowed is >= 2.0" in said["user_message"]) == (False, True)


def test_models_and_modes_are_judged_where_a_hook_tells_them(device):
    device.give(
        allowed("gemini-cli", models=("gemini-3*",), denied_models=("*-lite",), requirements=(Requirement.NO_BYPASS,))
    )
    assert device.ask("hook", "gemini-cli", said={"llm_request": {"model": "gemini-3.8-flash"}}).stdout == ""
    assert "may not be used" in device.ask("hook", "gemini-cli", said={"llm_request": {"model": "gemini-2"}}).stdout
    assert "may not be used" in device.ask("hook", "gemini-cli", said={"model": "gemini-3-lite"}).stdout
    assert "asks for nothing" in device.ask("hook", "gemini-cli", said={"permission_mode": "yolo"}).stdout


def test_the_version_of_a_caller_is_read_from_the_package_it_runs_from(device, tmp_path):
    package = tmp_path / "node_modules" / "@google" / "gemini-cli"
    (package / "bundle").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "@google/gemini-cli", "version": "0.61.0"}')
    device.give(allowed("gemini-cli", versions=VersionSpan(minimum="0.60.0")))
    script = package / "bundle" / "gemini.js"
    node = tmp_path / "node"  # what runs a script is known by its name
    node.write_bytes(Path("/usr/bin/python3").resolve().read_bytes())
    node.chmod(0o755)
    script.write_text(
        f"import subprocess\nprint(subprocess.run([{str(device.folder / 'helper')!r}, 'hook', 'gemini-cli'], input='{{}}', capture_output=True, text=True).stdout)"
    )

    where = [str(script)]

    def asked() -> str:
        return subprocess.run(
            [str(node), *where], cwd=script.parent, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert asked() == ""
    (package / "package.json").write_text('{"name": "@google/gemini-cli", "version": "0.59.9"}')
    assert "gemini-cli 0.59.9 may not be used" in asked()
    (package / "package.json").write_text('{"name": "elsewhere", "version": "0.61.0"}')
    assert "could not be found out" in asked()
    (package / "package.json").write_text('{"name": "@google/gemini-cli", "version": "0.60.1"}')
    where[:] = ["gemini.js"]
    assert asked() == ""


def test_it_answers_at_once_whatever_a_company_decided(device):
    """A guard against work that grows with the rulings; bench/ has no say over how busy a machine is."""
    device.give(*(allowed(f"tool-{n}", since=NOW - n * DAY) for n in range(1, 40)), allowed())
    device.ask()
    took = []
    for _ in range(7):
        began = time.perf_counter()
        device.ask()
        took.append(time.perf_counter() - began)
    assert min(took) < 1.5


def test_it_imports_the_standard_library_alone_and_ignores_the_environment(device):
    device.give(allowed())
    (device.folder / "json.py").write_text("raise SystemExit(0)")
    done = device.ask()
    assert (done.returncode, "managedSettings" in done.stdout) == (0, True)
    text = (device.folder / "helper").read_text()
    names = {line.split()[1] for line in text.splitlines() if line.startswith("import ")}
    assert names <= set(sys.stdlib_module_names)
    assert "\nfrom " not in text
    assert text.startswith(f"#!{sys.executable} -IS\n")


def test_every_piece_is_in_the_file():
    text = program(public_key="0" * 64, interpreter="/usr/bin/python3", bundle="/b", audience="/a", version="1")
    folder = Path(__file__).parents[4] / "src/clearance/policy/compile/helper"
    assert {p.stem for p in folder.glob("*.py")} - {"__init__", "assemble"} == set(PIECES)
    compile(text, "helper", "exec")
    assert b'BUNDLE = "/b"' in text or b"BUNDLE = '/b'" in text
