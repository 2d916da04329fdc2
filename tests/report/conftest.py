"""What the tests of reports share: the sample, and snapshots under ``tests/golden/report``.

``CLEARANCE_WRITE_SNAPSHOTS=1 pytest tests/report`` writes the snapshots and the published schema anew.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

_HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("sample_vetting", _HERE / "sample_vetting.py")
assert _SPEC
assert _SPEC.loader
_SAMPLES = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_SAMPLES)


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    return _SAMPLES


@pytest.fixture
def snapshot():
    """A check that a text is what a file holds."""

    def check(path: Path, text: str) -> None:
        if os.environ.get("CLEARANCE_WRITE_SNAPSHOTS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path} is not current: see tests/report/conftest.py"

    return check


@pytest.fixture
def golden() -> Path:
    return _HERE.parent / "golden" / "report"


@pytest.fixture
def repository() -> Path:
    return _HERE.parent.parent
