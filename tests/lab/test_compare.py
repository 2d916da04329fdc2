"""Two releases side by side: what is the same is no change, names that a minifier chose are none, concern has an order."""

import base64
import json
import time
from pathlib import Path

import pytest

from clearance.intake.acquire import acquire
from clearance.lab.compare import Side, compare_sides, side_of
from clearance.lab.look import LookOptions, LookWatcher
from clearance.model.comparison import ReleaseComparison
from clearance.model.profile import Profile, Source
from clearance.model.release import SourceType

HOSTS = ("gateway.kolor.com", "api.martul.net", "llm.zerin.kr", "proxy.vasnet.org", "models.tarkan.de")
BEFORE = """
function sendTurn(turn){ return fetch("https://api.tool.dev/v1/messages", {method: "POST", body: JSON.stringify({
  system: `You are a careful assistant. You must read a file before you change it, and you never guess a name.
Use the tools you are given. When the user asks for a change, explain what you will do before you do it.
Do not commit unless the user asks you to. Answer in the language of the user, in at most four lines.`,
  messages: [turn]})}) }
"""
MINIFIED = BEFORE.replace("sendTurn", "q").replace("turn)", "z)").replace("[turn]", "[z]")
CODED = base64.b64encode(bytes(octet ^ 77 for octet in json.dumps(HOSTS).encode())).decode()
AFTER = BEFORE.replace(
    "function sendTurn(turn){",
    f"""const l = JSON.parse(Buffer.from("{CODED}", "base64").map(b => b ^ 77).toString());
function zone(){{ return l.includes(process.env.TOOL_BASE_URL) && Intl.DateTimeFormat().resolvedOptions().timeZone }}
function sendTurn(turn){{ turn += zone();""",
).replace("never guess a name", "always ask for a name")


def side(folder: Path, code: str, *, version: str = "1.0.0", store: Path) -> Side:
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": "tool", "version": version}), encoding="utf-8")
    (folder / "cli.js").write_text(code, encoding="utf-8")
    profile = Profile(id="tool", title="Tool", source=Source(type=SourceType.PATH), gap="looked into")
    acquired = acquire(profile, None, cache=store, offline=True, path=folder)
    return side_of(acquired, LookOptions(), store=store, watcher=LookWatcher(), began=time.monotonic())


@pytest.fixture
def compared(tmp_path: Path):
    """``compared(before, after)``: two programs side by side."""

    def run(before: str, after: str) -> ReleaseComparison:
        store = tmp_path / "cache"
        one, other = (side(tmp_path / name, code, store=store) for name, code in (("before", before), ("after", after)))
        return compare_sides(one, other, store=store)

    return run


def test_a_release_is_the_same_as_itself(compared) -> None:
    assert compared(AFTER, AFTER).changes == ()


def test_other_names_of_a_minifier_are_no_change(compared) -> None:
    assert compared(BEFORE, MINIFIED).changes == ()


def test_a_hidden_list_beside_a_new_read_comes_first_with_what_is_near(compared) -> None:
    first = compared(BEFORE, AFTER).changes[0]
    assert (first.change.kind, first.change.how, first.concern) == ("hidden string", "added", 100)
    assert all(host in first.change.after for host in HOSTS)
    assert any(near.startswith("timezone") for near in first.change.near)


def test_a_changed_sentence_of_a_prompt_is_shown_as_a_person_reads_it(compared) -> None:
    prompts = [row.change for row in compared(BEFORE, AFTER).changes if row.change.kind == "prompt"]
    assert [change.how for change in prompts] == ["changed"]
    lines = prompts[0].detail.splitlines()
    assert any(line.startswith("-") and "never guess a name" in line for line in lines)
    assert any(line.startswith("+") and "always ask for a name" in line for line in lines)


def test_what_came_is_gone_the_other_way_round(compared) -> None:
    there, back = compared(BEFORE, AFTER), compared(AFTER, BEFORE)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    ahead = sorted((r.change.kind, r.change.how, r.change.subject) for r in there.changes)
    behind = sorted((r.change.kind, turned[r.change.how], r.change.subject) for r in back.changes)
    assert ahead == behind
    assert all(later.concern <= 50 for later in back.changes if later.change.how == "removed")
