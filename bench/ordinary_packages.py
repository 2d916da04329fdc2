"""How often a look at an honest package raises a hit for hidden strings.

    python bench/ordinary_packages.py [--list FILE] [--only GROUP] [--keep FOLDER]

Every package of ``ordinary_packages.toml`` is fetched and looked at afresh, one after the other. Printed: each high and
medium hit of the rules for hidden strings, one line for a package that could not be looked at, and the totals: hits and
packages with at least one, and hits of all other rules by their names. ``--keep`` holds each report as JSON and takes
it from there the next time: a run that was stopped goes on.
"""

import argparse
import json
import subprocess
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_HIDDEN = ("hides-a-list", "hides-code", "hides-text")
_GRAVE = ("high", "medium")
_LIMIT = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One high or medium hit."""

    package: str
    rule: str
    severity: str
    message: str
    where: str


def looked_at(package: str, keep: Path | None) -> dict[str, object] | str:
    """The report of a fresh look, or why there is none."""
    kept = keep / (package.replace("/", "_").replace(":", "_") + ".json") if keep else None
    if kept and kept.exists():
        report: dict[str, object] = json.loads(kept.read_text())
        return report
    command = [sys.executable, "-m", "clearance.app.cli", "look", package]
    command += ["--no-cache", "--quiet", "--fail-on", "never", "--json", "-"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return f"stopped after {_LIMIT:.0f} s"
    except ValueError:
        return done.stderr.strip()[-200:] or "no report"
    if kept:
        kept.write_text(done.stdout)
    return report


def alarms(package: str, report: dict[str, object]) -> list[Alarm]:
    """The high and medium hits of a report."""
    findings = report["findings"]
    assert isinstance(findings, list)
    return [
        Alarm(
            package=package,
            rule=each["rule"],
            severity=each["severity"],
            message=each["message"],
            where=str(each.get("where", "")),
        )
        for each in findings
        if each["kind"] == "hit" and each["severity"] in _GRAVE
    ]


def look_at_all(packages: list[str], keep: Path | None) -> tuple[list[Alarm], int]:
    """Every alarm, printed as it comes, and how many packages could be looked at."""
    every: list[Alarm] = []
    looked = 0
    for package in packages:
        began = time.monotonic()
        report = looked_at(package, keep)
        if isinstance(report, str):
            print(f"{package}: not looked at: {report}", flush=True)
            continue
        looked += 1
        found = alarms(package, report)
        every += found
        print(f"{package}: {sum(a.rule in _HIDDEN for a in found)} ({time.monotonic() - began:.0f} s)", flush=True)
        for alarm in found:
            if alarm.rule in _HIDDEN:
                print(f"  {alarm.severity} {alarm.rule}: {alarm.message[:160]!r} {alarm.where}", flush=True)
    return every, looked


def main() -> None:
    """The measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, default=Path(__file__).with_name("ordinary_packages.toml"))
    parser.add_argument("--only", action="append", help="a group of the list; may be given more than once")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    groups = tomllib.loads(given.list.read_text())
    wanted = [group for name, group in groups.items() if not given.only or name in given.only]
    every, looked = look_at_all([package for group in wanted for package in group["packages"]], given.keep)
    for severity in _GRAVE:
        some = [alarm for alarm in every if alarm.severity == severity and alarm.rule in _HIDDEN]
        packages = len({alarm.package for alarm in some})
        print(f"hidden strings, {severity}: {len(some)} hits in {packages} of {looked} packages")
    others = Counter(f"{alarm.severity} {alarm.rule}" for alarm in every if alarm.rule not in _HIDDEN)
    print("other rules: " + (", ".join(f"{name} {many}" for name, many in others.most_common()) or "none"))


if __name__ == "__main__":
    main()
