"""Real releases looked into and compared, without running them. Nothing of them is in the repository."""

import time
from pathlib import Path

import pytest

from clearance.intake.acquire import Acquired
from clearance.lab.compare import compare_sides, side_of
from clearance.lab.examiner import worker_count
from clearance.lab.hints import levels_found
from clearance.lab.look import LookOptions, LookWatcher, examine_release, judged
from clearance.model.finding import Hit, Severity
from clearance.model.look import Look

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(600)]


def look(acquired: Acquired, store: Path) -> Look:
    options = LookOptions(jobs=worker_count())
    examined, _ = examine_release(acquired, options, store=store, watcher=LookWatcher())
    return judged(examined, cached=False, began=time.monotonic(), downloaded=0)


def high(seen: Look) -> list[str]:
    return [f.rule for f in seen.findings if isinstance(f, Hit) and f.severity in (Severity.HIGH, Severity.CRITICAL)]


def test_a_native_release_with_a_hidden_list_is_told_and_its_hosts_become_levels(fetch, tmp_path: Path) -> None:
    seen = look(fetch("claude-code", "2.1.196"), tmp_path)
    assert set(high(seen)) == {"hides-a-list"}
    staged = levels_found(seen.contents)["base_url"]
    assert len(staged) >= 30
    assert sum("." in host for host in staged) > len(staged) / 2
    lists = [hidden for hidden in seen.contents.hidden_strings if hidden.keyed and len(hidden.items) > 2]
    assert any(near.startswith("timezone") for hidden in lists for near in hidden.near)
    assert {code.strings > 10_000 and not code.telling for code in seen.contents.compiled} == {True}


def test_the_release_before_has_none_and_the_change_comes_first(fetch, tmp_path: Path) -> None:
    options = LookOptions(jobs=worker_count())
    before, after = (
        side_of(fetch("claude-code", version), options, store=tmp_path, watcher=LookWatcher(), began=time.monotonic())
        for version in ("2.1.90", "2.1.91")
    )
    assert high(before.look) == []
    assert set(high(after.look)) == {"hides-a-list"}
    first = compare_sides(before, after, store=tmp_path).changes[0]
    assert (first.change.kind, first.change.how, first.concern) == ("hidden string", "added", 100)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["codex", "gemini-cli", "qwen-code", "opencode", "crush", "aider", "claude-code"])
def test_the_newest_release_of_an_honest_assistant_has_no_high_hit(fetch, tmp_path: Path, name: str) -> None:
    assert high(look(fetch(name), tmp_path)) == []
