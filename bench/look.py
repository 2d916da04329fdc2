"""What a look costs, beside others that read the same bytes in the same minute.

    python bench/look.py [--native RELEASE] [--script RELEASE] [--peers] [--runs N]

1. ``look`` on a native release (245 MB) and on a release that is one 13 MB script, fresh and from the cache.
2. yara-x alone with a handful of rules over the same native file: the floor, it only searches.
3. With ``--peers``: scanners from PyPI, each in an environment of its own, on a folder that holds the file alone, in
   turn with a look at that file; one that takes more than a minute is stopped and said so. A peer that is through at
   once did not read it: none but yara-x reads a native file.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

from clearance.app.places import cache_folder
from clearance.intake.acquire import acquire
from clearance.intake.profiles import find_profile

_PEERS = (
    ("guarddog", "guarddog==3.2.0", ("guarddog", "npm", "scan", "{folder}")),
    ("detect-secrets", "detect-secrets==1.5.0", ("detect-secrets", "scan", "--all-files", ".")),
    ("skill-scanner", "cisco-ai-skill-scanner==2.3.2", ("skill-scanner", "scan", "{folder}", "--lenient")),
)
_YARA = """
import sys, time
import yara_x
rules = yara_x.compile('rule a { strings: $a = "process.env" $b = /https?:\\\\/\\\\/[a-z0-9.-]+/ '
                       '$c = /[A-Za-z0-9+\\\\/]{64,}/ condition: any of them }')
data = open(sys.argv[1], "rb").read()
yara_x.Scanner(rules).scan(data)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One command: seconds, CPU seconds, peak MB of its largest process, and how it ended."""

    wall: float
    cpu: float
    peak: float
    code: int


def run(command: list[str], *, limit: float = 600.0, folder: str | None = None) -> Cost:
    """Run a command to its end or its limit."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, cwd=folder)
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > limit:
                os.killpg(process.pid, 9)
                _, status, used = os.wait4(process.pid, 0)
                break
            time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss / 1024, code=process.returncode)


def look_command(target: str, *more: str) -> list[str]:
    """``clearance look`` with its report thrown away."""
    return [sys.executable, "-m", "clearance.app.cli", "look", target, "--quiet", "--fail-on", "never", *more]


def look_peak(target: str) -> float:
    """Peak MB of the largest process of a look, as its own report says."""
    import json

    done = subprocess.run(
        [*look_command(target, "--no-cache", "--json", "-")], capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout)["stats"]["peak_rss_mb"])


def median(costs: list[Cost]) -> str:
    """Wall and CPU of the middle run."""
    wall, cpu = statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs)
    return f"{wall:6.2f} s wall, {cpu:6.2f} s CPU"


def peer_environment(package: str, folder: Path) -> Path | None:
    """An environment with one peer; None when it cannot be installed here."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", package]
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"  {package} cannot be installed here: {done.stderr.strip().splitlines()[-1][:120]}")
        return None
    return folder / "bin"


def largest(release: str, ends: str) -> Path:
    """The release's largest file whose name ends so."""
    name, _, version = release.partition("@")
    got = acquire(find_profile(name), version or None, cache=cache_folder())
    return got.root / max((f for f in got.files if f.path.endswith(ends)), key=lambda f: f.size).path


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--native", default="claude-code@2.1.196")
    parser.add_argument("--script", default="claude-code@2.1.112")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    wanted = parser.parse_args()
    for release in (wanted.native, wanted.script):
        file = largest(release, ".js" if release == wanted.script else "")
        print(f"{release}: largest file {file.name}, {file.stat().st_size / 1e6:.0f} MB")
        targets = (release, str(file)) if release == wanted.script else (release,)
        for target in targets:
            fresh = [run(look_command(target, "--no-cache")) for _ in range(wanted.runs)]
            what = "the release" if target == release else "the file"
            print(f"  look, fresh ({what}): {median(fresh)}, peak {look_peak(target):.0f} MB")
            print(f"  look, from cache: {median([run(look_command(target)) for _ in range(wanted.runs)])}")
        floor = [run([sys.executable, "-c", _YARA, str(file)]) for _ in range(wanted.runs)]
        print(f"  yara-x alone, three patterns: {median(floor)}, peak {max(c.peak for c in floor):.0f} MB")
        if wanted.peers:
            compare(file, wanted.runs)


def compare(file: Path, runs: int) -> None:
    """Each peer on a folder that holds the file alone, in turn with a look at the same file."""
    for name, package, command in _PEERS:
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as alone:
            programs = peer_environment(package, Path(place))
            if programs is None:
                continue
            os.link(file, Path(alone) / file.name) if file.stat().st_dev == Path(alone).stat().st_dev else Path(
                alone, file.name
            ).write_bytes(file.read_bytes())
            (Path(alone) / "package.json").write_text('{"name": "tool", "version": "1.0.0"}')
            argv = [str(programs / command[0]), *(part.format(folder=alone) for part in command[1:])]
            pairs = [
                (run(look_command(str(file), "--no-cache")), run(argv, limit=60.0, folder=alone)) for _ in range(runs)
            ]
            theirs = [other for _, other in pairs]
            ended = "stopped at the limit" if theirs[-1].code == -9 else f"exit code {theirs[-1].code}"
            ratio = statistics.median(other.wall / own.wall for own, other in pairs)
            print(f"  {name}: {median(theirs)}, peak {max(c.peak for c in theirs):.0f} MB, {ended}; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
