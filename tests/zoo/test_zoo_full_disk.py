"""A disk that fills up in the middle of a campaign ends it in a sentence; what is left over is never taken for whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zoo.catalogue import agents, assemble

pytestmark = [
    pytest.mark.room,
    pytest.mark.enable_socket,
    pytest.mark.skipif(os.geteuid() != 0, reason="a small file system can be mounted by root alone"),
]


def test_a_vet_on_a_full_disk_says_so_and_a_larger_disk_is_all_it_needs(tmp_path: Path) -> None:
    agent = next(one for one in agents() if one.name == "covert-trailing-space-by-locale")
    package = assemble(agent, tmp_path / "agent")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)], check=True)
    vet = [sys.executable, "-m", "clearance.app.cli", "vet", str(package), "--profile", str(package / "profile.toml")]
    try:
        argv = [*vet, "--factors", "locale", "--screen", "8", "--quiet"]
        environment = {**os.environ, "CLEARANCE_HOME": str(small)}
        full = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert full.returncode == 3
        assert "No space left on device" in full.stderr
        assert "hint: " in full.stderr
        assert "Traceback" not in full.stderr
        subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
        again = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert again.returncode == 1, again.stderr
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)
