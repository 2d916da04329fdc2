"""The program, in this process, with a home of its own."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import Clearance, Ended

from clearance.app.cli import main


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clearance:
    """The program, in this process."""

    def run(*argv: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["clearance", *map(str, argv)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(code=int(ended.value.code or 0), out=said.out, err=said.err)

    return run


@pytest.fixture
def told(program: Clearance) -> Callable[..., tuple[int, str]]:
    """The program as its exit code and all that it says."""

    def run(*argv: object) -> tuple[int, str]:
        ended = program(*argv)
        return ended.code, ended.out + ended.err

    return run


@pytest.fixture
def clearance(monkeypatch: pytest.MonkeyPatch, program: Clearance, tmp_path: Path) -> Clearance:
    """The program, in this process, with a home of its own and no registry to reach."""
    monkeypatch.setenv("CLEARANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("CLEARANCE_NPM_REGISTRY", "http://127.0.0.1:9/")
    return program
