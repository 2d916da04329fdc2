"""What all tests share: fixtures' folders on the path, no sockets unless a test is about them, a cache of releases."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest
import pytest_socket

from clearance.intake.acquire import Acquired, acquire
from clearance.intake.errors import RegistryUnreachable
from clearance.intake.profiles import find_profile

ROOMS = ("app", "lab", "detect/canonical", "detect/session", "ledger", "policy", "policy/compile", "report")
hypothesis.settings.register_profile("steady", deadline=None)  # machines are noisy: no test fails for its time
hypothesis.settings.register_profile("quick", deadline=None, max_examples=20)  # make check; make test tries 100
hypothesis.settings.load_profile("steady")
sys.path[:0] = [str(Path(__file__).parent / room) for room in ROOMS]


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Sockets are off, except where a test says that it is about them."""
    if not {"enable_socket", "room", "network"} & {m.name for m in item.iter_markers()}:
        pytest_socket.disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="session")
def release_cache() -> Path:
    """Where tests keep real releases between runs: below the user's cache folder, never in the repository."""
    home = os.environ.get("CLEARANCE_TEST_CACHE") or Path.home() / ".cache" / "clearance-tests"
    return Path(home)


@pytest.fixture(scope="session")
def fetch(release_cache: Path):
    """``fetch(name, version)``: a real release from its registry. A registry that cannot be reached fails the test."""

    def fetched(name: str, version: str | None = None) -> Acquired:
        try:
            return acquire(find_profile(name), version, cache=release_cache)
        except RegistryUnreachable as error:
            pytest.fail(f"REAL RELEASE NOT TESTED: {name}@{version or 'latest'} could not be fetched: {error}")

    return fetched
