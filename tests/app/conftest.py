"""The program, in this process, with a home of its own."""

import sys
from pathlib import Path

import pytest
from calling import Clearance, Ended

from clearance.app.cli import main


@pytest.fixture
def clearance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Clearance:
    """The program, in this process, with a home of its own and no registry to reach."""
    monkeypatch.setenv("CLEARANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("CLEARANCE_NPM_REGISTRY", "http://127.0.0.1:9/")

    def run(*argv: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["clearance", *argv])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(code=int(ended.value.code or 0), out=said.out, err=said.err)

    return run
