import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.lab.project import build_repository, git_config, identity_config
from clearance.lab.staging import SeedFile

ENV = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "GIT_OPTIONAL_LOCKS": "0"}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, env={**ENV, "HOME": str(folder)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def written(folder: Path, files: dict[str, bytes], remote: str | None) -> Path:
    seeds = {path: SeedFile(content=content) for path, content in files.items()}
    for path, file in build_repository(seeds, remote=remote).files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(file.mode)
    return folder


FILES = {
    "README.md": b"# A\n",
    "a.txt": b"a",
    "a/b.txt": b"folder sorts after a.txt",
    "a-b": b"-",
    "docs/说明.md": "库存".encode(),
    "empty": b"",
}


def test_git_finds_nothing_wrong_and_nothing_changed(tmp_path: Path) -> None:
    folder = written(tmp_path, FILES, "https://github.com/example-org/x.git")
    assert git(folder, "fsck", "--strict", "--full") == ""
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "log", "--format=%s").splitlines() == ["Add the first working version", "Start the project"]


def test_git_knows_the_remote_and_that_it_is_up_to_date(tmp_path: Path) -> None:
    folder = written(tmp_path, FILES, "https://github.com/example-org/x.git")
    assert git(folder, "remote", "get-url", "origin").strip() == "https://github.com/example-org/x.git"
    assert "up to date with 'origin/main'" in git(folder, "status")


def test_a_changed_file_shows(tmp_path: Path) -> None:
    folder = written(tmp_path, FILES, None)
    (folder / "a.txt").write_bytes(b"b")
    assert git(folder, "status", "--porcelain") == " M a.txt\n"


def test_commit_ids_follow_the_files_alone() -> None:
    seeds = {path: SeedFile(content=content) for path, content in FILES.items()}
    assert build_repository(seeds, remote=None).head == build_repository(seeds, remote="ssh://x/y").head
    assert (
        build_repository({**seeds, "b": SeedFile(content=b"")}, remote=None).head
        != build_repository(seeds, remote=None).head
    )


@pytest.mark.parametrize("person", ["张伟", 'Quote "Q" Back\\slash', "Plain Name"])
def test_git_reads_back_an_identity_in_any_script(tmp_path: Path, person: str) -> None:
    (tmp_path / ".gitconfig").write_text(identity_config(person, "p@example.com"))
    assert git(tmp_path, "config", "--global", "user.name") == f"{person}\n"


def test_a_repository_without_remote_has_none() -> None:
    assert "remote" not in git_config(None)


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(
        st.lists(
            st.text("abc.-_", min_size=1, max_size=4).filter(lambda s: s not in {".", ".."}), min_size=1, max_size=3
        ).map("/".join),
        st.binary(max_size=30),
        min_size=1,
        max_size=6,
    )
)
def test_any_set_of_files_is_a_clean_repository(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    nested = any(a != b and b.startswith(a + "/") for a in files for b in files)
    if nested:
        return
    folder = written(tmp_path_factory.mktemp("r"), files, None)
    assert git(folder, "fsck", "--strict") == ""
    assert git(folder, "status", "--porcelain") == ""
