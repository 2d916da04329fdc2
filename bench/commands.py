"""How many attack commands the analyser sees, at how many false alarms, beside plain patterns.

    python bench/commands.py --atomic DIR [--other DIR ...] --benign DIR [DIR ...] [--half held-out|develop|all]

Each DIR holds ``commands.jsonl`` with a ``text`` a line. The attack commands of ``--atomic`` are split by ATT&CK
technique (SHA-256 of a seed and the technique's number, even or odd): rules are written against one half, figures are
of the other. The files name no techniques: each row belongs to the technique that it, or the nearest row before it,
names in a path; rows between two techniques of different halves are counted apart. Benign commands are split by
program, CI steps by place in the file. Rules of an earlier round were written against the half of another seed;
``held out in the earlier round too`` is, in the held-out half, what no round has looked at.
"""

import argparse
import bisect
import contextlib
import hashlib
import json
import random
import re
import shlex
import statistics
import time
from collections import defaultdict
from pathlib import Path

from clearance.detect.commands import analyse_command
from clearance.detect.contents.commands import alarm
from clearance.model.command import CommandReading, CommandVerdict

TACTICS = {
    "credentials": (
        "T1003 T1040 T1056 T1110 T1111 T1187 T1212 T1528 T1539 T1552 T1555 T1556 T1557 T1558 T1606 T1621 T1649 "
    ),
    "discovery": (
        "T1007 T1010 T1012 T1016 T1018 T1033 T1046 T1049 T1057 T1069 T1082 T1083 T1087 T1120 T1124 T1135 "
        "T1201 T1217 T1482 T1497 T1518 T1526 T1580 T1613 T1614 T1615 T1619 T1622 T1652 T1654 "
    ),
    "defence": (
        "T1006 T1014 T1027 T1036 T1070 T1112 T1127 T1134 T1140 T1197 T1202 T1207 T1216 T1218 T1220 T1221 "
        "T1222 T1484 T1550 T1553 T1562 T1564 T1574 T1578 T1599 T1600 T1601 T1620 T1647 "
    ),
    "persistence": ("T1037 T1053 T1078 T1098 T1133 T1136 T1137 T1176 T1505 T1525 T1542 T1543 T1546 T1547 T1548 T1554 "),
    "execution": ("T1047 T1055 T1059 T1072 T1106 T1129 T1203 T1204 T1559 T1569 T1609 T1610 T1611 T1612 T1648 T1651 "),
    "collection and exfiltration": (
        "T1005 T1020 T1025 T1030 T1039 T1041 T1048 T1074 T1113 T1114 T1115 T1119 T1123 T1125 T1530 T1560 T1567 "
    ),
    "movement and control": (
        "T1001 T1021 T1071 T1090 T1091 T1095 T1105 T1132 T1219 T1563 T1568 T1570 T1571 T1572 T1573 "
    ),
    "impact": ("T1485 T1486 T1489 T1490 T1491 T1496 T1498 T1499 T1529 T1531 T1561 T1565 "),
}
TACTIC_OF = {technique: tactic for tactic, listed in TACTICS.items() for technique in listed.split()}


def texts(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "commands.jsonl").read_text(encoding="utf-8").splitlines()]


SEED = "second round "
EARLIER = ""


def half_of(key: str, seed: str = SEED) -> str:
    return "develop" if hashlib.sha256((seed + key).encode()).digest()[0] % 2 == 0 else "held-out"


def anchors(rows: list[dict[str, str]]) -> dict[int, str]:
    """Rows that name their technique, as far as the names rise with the rows: the longest such row of them."""
    named = [(i, m.group(0)) for i, row in enumerate(rows) if (m := re.search(r"T1\d{3}", row["text"]))]
    tails: list[str] = []
    ends: list[int] = []
    before: list[int | None] = []
    for k, (_, technique) in enumerate(named):
        at = bisect.bisect_right(tails, technique)
        tails[at : at + 1] = [technique]
        ends[at : at + 1] = [k]
        before.append(ends[at - 1] if at else None)
    found, here = {}, ends[-1] if ends else None
    while here is not None:
        found[named[here][0]] = named[here][1]
        here = before[here]
    return found


def attacks(folder: Path) -> list[tuple[str, str, str, str]]:
    """``(half, technique, platform, text)``; half is ``between`` where the technique is in doubt between the halves."""
    rows = texts(folder)
    known = anchors(rows)
    earlier, later = [], []
    for order, into in ((range(len(rows)), earlier), (range(len(rows) - 1, -1, -1), later)):
        here = ""
        for i in order:
            here = known.get(i, here)
            into.append(here)
    later.reverse()
    found = []
    for row, first, second in zip(rows, earlier, later, strict=True):
        halves = {half_of(t) for t in (first, second) if t}
        half = halves.pop() if len(halves) == 1 else "between"
        found.append((half, first or second, row.get("family", "").rpartition(":")[2], row["text"]))
    return found


def benign(folder: Path) -> list[tuple[str, str]]:
    rows = [row["text"] for row in texts(folder) if row["text"].strip()]
    if "ci" in folder.name:
        size = -(-len(rows) // 24)
        return [(half_of(f"ci-{i // size}"), text) for i, text in enumerate(rows)]
    return [(half_of(next((w for w in text.split() if w != "sudo"), "")), text) for text in rows]


def interval(hits: dict[str, list[bool]], rounds: int = 1000) -> tuple[float, float]:
    """95 % by drawing techniques, not rows: rows of one technique are alike."""
    chance, keys, means = random.Random(1), sorted(hits), []
    for _ in range(rounds):
        drawn = [hit for _ in keys for hit in hits[chance.choice(keys)]]
        means.append(statistics.fmean(drawn))
    means.sort()
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]


def seen(reading: CommandReading) -> bool:
    return reading.verdict in (CommandVerdict.REVIEW, CommandVerdict.DANGEROUS)


def dangerous(reading: CommandReading) -> bool:
    return reading.verdict is CommandVerdict.DANGEROUS


def by_shlex(commands: list[str]) -> float:
    """Milliseconds that the standard library takes for one, only to cut it into words; bad quoting counts too."""
    began = time.perf_counter()
    for text in commands:
        with contextlib.suppress(ValueError):
            shlex.split(text)
    return 1000 * (time.perf_counter() - began) / max(1, len(commands))


def show(name: str, hits: list[bool], more: str = "") -> None:
    print(f"  {name:<46} {sum(hits):>5} of {len(hits):<5} {statistics.fmean(hits) if hits else 0:7.2%} {more}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atomic", type=Path, required=True)
    parser.add_argument("--other", type=Path, nargs="*", default=[], help="attack commands that are not split")
    parser.add_argument("--benign", type=Path, nargs="+", required=True)
    parser.add_argument("--half", choices=["held-out", "develop", "all"], default="held-out")
    args = parser.parse_args()
    wanted = ("held-out", "develop") if args.half == "all" else (args.half,)
    rows = attacks(args.atomic)
    scored = [(*row, analyse_command(row[3])) for row in rows]
    chosen = [row for row in scored if row[0] in wanted]
    print(f"attack commands, half {args.half}; seen is a verdict of review or dangerous")
    grouped: dict[str, list[bool]] = defaultdict(list)
    for _, technique, _, _, reading in chosen:
        grouped[technique].append(seen(reading))
    low, high = interval(grouped)
    show("analyser", [h for hits in grouped.values() for h in hits], f"95 % interval {low:.1%} to {high:.1%}")
    show("analyser, dangerous only", [dangerous(row[4]) for row in chosen])
    show("patterns (detect.contents.commands)", [bool(alarm(row[3])) for row in chosen])
    unseen = [row for row in chosen if half_of(row[1], EARLIER) == "held-out"]
    show("analyser, held out in the earlier round too", [seen(row[4]) for row in unseen])
    between = [seen(row[4]) for row in scored if row[0] == "between"]
    show("analyser, technique in doubt", between)
    for title, key in (("by platform", 2), ("by tactic", 1)):
        print(f" {title}")
        parts: dict[str, list[bool]] = defaultdict(list)
        for row in chosen:
            parts[TACTIC_OF.get(row[1].partition(".")[0], "other") if key == 1 else row[2]].append(seen(row[4]))
        for name in sorted(parts):
            show(name, parts[name])
    alarms: dict[str, list[float]] = {}
    print("false alarms")
    for folder in args.benign:
        plain = [text for half, text in benign(folder) if half in wanted]
        began = time.perf_counter()
        readings = [analyse_command(text) for text in plain]
        spent = 1000 * (time.perf_counter() - began) / max(1, len(plain))
        alarms[folder.name] = sorted((r.score for r in readings), reverse=True)
        show(
            f"{folder.name}, review or dangerous",
            [seen(r) for r in readings],
            f"{spent:.2f} ms each; shlex.split {by_shlex(plain):.3f} ms",
        )
        show(f"{folder.name}, dangerous only", [dangerous(r) for r in readings])
        show(f"{folder.name}, notable or worse", [r.verdict is not CommandVerdict.ORDINARY for r in readings])
        show(f"{folder.name}, patterns", [bool(alarm(text)) for text in plain])
    limit = max(scores[int(0.01 * len(scores))] for scores in alarms.values())
    show(f"recall at 1 % of each (score > {limit:.3f})", [row[4].score > limit for row in chosen])
    for folder in args.other:
        show(folder.name, [seen(analyse_command(r["text"])) for r in texts(folder)])


if __name__ == "__main__":
    main()
