"""What a kill leaves, and that the next campaign removes it but not what is in use."""

import subprocess
import sys
from pathlib import Path

from clearance.lab.leftovers import remove_leftovers, work_folder

_HOLD = """
import sys, time, pathlib
from clearance.lab.leftovers import work_folder
with work_folder(pathlib.Path(sys.argv[1])) as work:
    (work / "room-1").mkdir()
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_work_folder_goes_with_its_campaign(tmp_path: Path) -> None:
    with work_folder(tmp_path) as work:
        (work / "room-1").mkdir()
    assert not work.exists()


def test_what_a_killed_campaign_left_is_removed_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "a")], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert remove_leftovers(tmp_path) == 0
        holder.kill()
    assert (tmp_path / "a" / "work" / "room-1").exists()
    assert remove_leftovers(tmp_path) == 1
    assert not (tmp_path / "a" / "work").exists()
