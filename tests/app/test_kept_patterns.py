"""Compiled patterns are kept for the next start, and only read where nobody else could have written them."""

from pathlib import Path

import pytest

from clearance.app.kept_patterns import keep_patterns, kept_patterns


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearance.app.kept_patterns.state_folder", lambda: tmp_path)


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    assert kept_patterns("a") == b""
    keep_patterns("a", b"compiled")
    keep_patterns("a", b"compiled again")
    assert kept_patterns("a") == b"compiled again"
    assert [path.name for path in (tmp_path / "classifiers").iterdir()] == ["a.patterns"]


@pytest.mark.parametrize("what", ["a.patterns", "."])
def test_what_others_may_write_is_not_read(tmp_path: Path, what: str) -> None:
    keep_patterns("a", b"compiled")
    (tmp_path / "classifiers" / what).chmod(0o777)
    assert kept_patterns("a") == b""


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    keep_patterns("a", b"compiled")
    (tmp_path / "classifiers" / "b.patterns").symlink_to(tmp_path / "classifiers" / "a.patterns")
    assert kept_patterns("b") == b""


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "classifiers").write_text("a file")
    keep_patterns("a", b"compiled")
    assert kept_patterns("a") == b""
