"""Bytecode is written once beside the sources, without running them."""

import subprocess
import sys
from pathlib import Path

import pytest

from clearance.intake.bytecode import write_bytecode

PYTHON = Path(sys.executable)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "honest.py").write_text("VALUE = 7\n")
    (root / "broken.py").write_text("def (:\n")
    (root / "acts.py").write_text(f"open({str(tmp_path / 'acted')!r}, 'w')\n")
    return root


def test_sources_get_bytecode_that_their_interpreter_takes_and_none_of_them_runs(tree: Path, tmp_path: Path) -> None:
    write_bytecode(tree, PYTHON)
    compiled = {path.name.partition(".")[0] for path in tree.rglob("*.pyc")}
    assert compiled == {"honest", "acts"}
    assert not (tmp_path / "acted").exists()
    (tree / "honest.py").write_text("VALUE = 8\n")  # unchecked: what was compiled is what runs
    said = subprocess.run(
        [PYTHON, "-c", "import honest; print(honest.VALUE)"], cwd=tree, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "7"


def test_a_tree_that_was_done_is_left_as_it_is(tree: Path) -> None:
    write_bytecode(tree, PYTHON)
    (tree / "later.py").write_text("VALUE = 9\n")
    write_bytecode(tree, PYTHON)
    assert not list(tree.rglob("later.*.pyc"))


def test_bytecode_that_the_release_brings_stays(tree: Path) -> None:
    own = tree / "__pycache__" / f"honest.{sys.implementation.cache_tag}.pyc"
    own.parent.mkdir()
    own.write_bytes(b"theirs")
    write_bytecode(tree, PYTHON)
    assert own.read_bytes() == b"theirs"
    assert list(tree.rglob("acts.*.pyc"))


def test_an_interpreter_that_is_not_there_leaves_the_sources_alone(tree: Path, tmp_path: Path) -> None:
    write_bytecode(tree, tmp_path / "no-python")
    assert not list(tree.rglob("*.pyc"))
