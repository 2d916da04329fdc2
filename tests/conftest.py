"""What all tests share: fixtures' folders on the path, no sockets unless a test is about them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "lab"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Sockets are off, except where a test says that it is about them."""
    import pytest_socket

    if not {"enable_socket", "room", "network"} & {m.name for m in item.iter_markers()}:
        pytest_socket.disable_socket(allow_unix_socket=True)
