"""Recall of the phrase rules a language and a family, and their false alarms on windows of real packages.

    python bench/phrases.py [--data SETS] [--ordinary texts/judge] [--part 4] [--shown]

Languages: 300 generated texts each by ``lab/threats``, a marked order and an ordinary sentence. Beware: rules and
generator are by the same hands, and some rules were written after misses in the generated texts, so these figures say
that the rules do what they are meant to, not how much of what others write they see. ``--data`` names sets of others in
the forms of ``classify bench``. ``--ordinary`` is a folder with one unpacked package a folder; of its files each
``--part``-th is read. A phrase near words that speak of attacks counts as not seen, on both sides.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

from clearance.detect.canonical import canonical
from clearance.detect.classifier.windows import OVERLAP, SIZE, windows
from clearance.detect.phrases import PhraseJudge, PhraseSeen
from clearance.lab.threats.constitution import Constitution, Tongue, constitution
from clearance.lab.threats.generator import attack, generated
from clearance.lab.threats.grammar import expand
from clearance.lab.threats.rows import Label
from clearance.lab.threats.sources import rows_below
from clearance.model.threat import SpanChannel

CHANNEL = SpanChannel.FILE_RESULT
ROWS = 300
JUDGE = PhraseJudge()


def seen(data: bytes, channel: SpanChannel) -> list[PhraseSeen]:
    """Phrases of all views that are not only shown."""
    views = canonical(data)
    several = {id(view): view for view in (views.plain, views.skeleton, *views.decoded)}
    return [s for view in several.values() for s in JUDGE.find(view.text, channel)[0] if not s.about]


def flagged(text: str, channel: SpanChannel = CHANNEL) -> bool:
    return bool(seen(text.encode("utf-8", "surrogateescape"), channel))


def languages(rules: Constitution) -> None:
    """Marked orders and ordinary sentences of each language."""
    pick = random.Random(3)
    for name, tongue in sorted(rules.tongues.items()):
        orders = sum(flagged(marked(tongue, rules, pick)) for _ in range(ROWS))
        ordinary = sum(flagged(expand(pick.choice(tongue.ordinary), rules.words, pick)) for _ in range(ROWS))
        print(f"{name}: {orders / ROWS:.2f} of {ROWS} orders, {ordinary / ROWS:.3f} of {ROWS} ordinary sentences")
    english = sum(flagged(attack(rules, pick, marked=True).text) for _ in range(ROWS))
    print(f"en: {english / ROWS:.2f} of {ROWS} orders")
    rows = [row for row in generated(rules, [], 11, 1_500) if not row.quoted]
    for label in (Label.INJECTION, Label.ORDINARY):
        of = [row for row in rows if row.label is label]
        print(f"generated {label}: {sum(flagged(row.text, row.channel) for row in of) / len(of):.3f} of {len(of)}")


def marked(tongue: Tongue, rules: Constitution, pick: random.Random) -> str:
    order = expand(pick.choice(tongue.orders), rules.words, pick).replace("{", "{{").replace("}", "}}")
    return expand(pick.choice(tongue.marked), {**rules.words, "order": (order,)}, pick)


def families(folder: Path) -> None:
    """Sets of others."""
    rows, hits = Counter(), Counter()
    for row in rows_below(folder):
        rows[row.family, row.label] += 1
        hits[row.family, row.label] += flagged(row.text, row.channel)
    for (family, label), number in sorted(rows.items()):
        print(f"{family:36} {label:10} {hits[family, label] / number:.3f} of {number}")


def false_alarms(folder: Path, part: int, *, shown: bool) -> None:
    """Windows of ordinary text in which a phrase lies."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    random.Random(5).shuffle(files)
    every, alarms, packages = 0, 0, set()
    for path in files[::part]:
        data = path.read_bytes()[:400_000]
        every += sum(1 for _ in windows(canonical(data).plain.text))
        packages.add(path.relative_to(folder).parts[0])
        found = seen(data, CHANNEL)
        alarms += len({each.start // (SIZE - OVERLAP) for each in found})
        for each in found if shown else ():
            print(f"  {path.relative_to(folder)}: {each.rule.id} ({each.language}): {' '.join(each.text.split())}")
    print(f"{alarms} of {every:,} windows of {len(packages)} packages in {folder}: 1 in {every // max(1, alarms):,}")


def main() -> None:
    """The benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path)
    ask.add_argument("--ordinary", type=Path, action="append", default=[])
    ask.add_argument("--part", type=int, default=4)
    ask.add_argument("--shown", action="store_true")
    given = ask.parse_args()
    languages(constitution())
    if given.data:
        families(given.data)
    for folder in given.ordinary:
        false_alarms(folder, given.part, shown=given.shown)


if __name__ == "__main__":
    main()
