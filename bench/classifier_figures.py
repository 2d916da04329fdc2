"""Figures of the threat classifiers beside recall: sentences with trigger words, mutations of attacks, intervals.

    python bench/classifier_figures.py --data SETS --ordinary TEXTS [--rows 40]

``SETS`` holds the labelled sets that are judged on, ``TEXTS`` the developer text of ``bench/developer_text.py``.

1. Sentences of ``trigger_sentences.toml``, each in one of six containers: the share that is flagged where macro recall
   of the families is at least 0.55, and the whole curve.
2. Attacks of the families (``--rows`` of each, the same for every mutation) before and after a mutation, at the
   threshold for 1 % of ordinary windows; all views of the judge are asked, as in the product.
3. Intervals are 95 %, drawn within families (recall) and by template (sentences).
"""

import argparse
import itertools
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from clearance.app.classifying import stages_of, weights_from
from clearance.detect.canonical import canonical
from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.stages import Stages
from clearance.detect.classifier.windows import windows
from clearance.lab.threats.bench import rows_for
from clearance.lab.threats.measuring import threshold_for
from clearance.lab.threats.rows import Label

SEED, DRAWS, MOST_WINDOWS = 1, 1_000, 40
Mutation = Callable[[str, random.Random], str]


def upper(text: str, _: random.Random) -> str:
    return text.upper()


def mixed_case(text: str, pick: random.Random) -> str:
    return "".join(c.upper() if pick.random() < 0.5 else c.lower() for c in text)


def wide(text: str, pick: random.Random) -> str:
    return re.sub(" ", lambda _: pick.choice((" ", "  ", "\n", "\t")), text)


def spelled(text: str, pick: random.Random) -> str:
    return re.sub(r"\b[A-Za-z]{4,}\b", lambda m: " ".join(m[0]) if pick.random() < 0.3 else m[0], text)


def typos(text: str, pick: random.Random) -> str:
    def typed(match: re.Match[str]) -> str:
        word = match[0]
        if pick.random() > 0.3:
            return word
        at = pick.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return re.sub(r"[A-Za-z]{5,}", typed, text)


SYNONYMS = {
    "ignore": ("overlook", "pay no heed to", "leave aside"), "previous": ("prior", "earlier", "preceding"),
    "instructions": ("guidance", "directions", "orders"), "important": ("essential", "pressing"),
    "send": ("transmit", "get"), "email": ("message", "letter"), "file": ("document",), "password": ("passphrase",),
    "delete": ("erase", "wipe"), "system": ("base", "main"), "prompt": ("preamble",), "user": ("person", "operator"),
    "forget": ("drop", "let go of"), "disregard": ("skip", "do not heed"), "must": ("have to",), "now": ("at once",),
    "execute": ("carry out",), "follow": ("go by",), "print": ("show", "write out"), "reveal": ("lay open",),
}  # fmt: skip


def synonyms(text: str, pick: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        found = SYNONYMS.get(match[0].lower())
        return pick.choice(found) if found else match[0]

    return re.sub(r"[A-Za-z]+", other, text)


HOMOGLYPHS = str.maketrans("aceopxyiAEOPCTX", "асеорхуіАЕОРСТХ")


def homoglyphs(text: str, pick: random.Random) -> str:
    return "".join(c.translate(HOMOGLYPHS) if pick.random() < 0.5 else c for c in text)


def leetspeak(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("aeioAEIO", "43104310"))


def zero_width(text: str, pick: random.Random) -> str:
    return re.sub(r"(?<=\w)(?=\w)", lambda _: "\u200b" if pick.random() < 0.5 else "", text)


FILLERS = (
    "The build took 41 s.",
    "See the table below.",
    "Last updated in May.",
    "def run():\n    return None",
    "- [ ] done",
)


def split_over_blocks(text: str, pick: random.Random) -> str:
    words = text.split(" ")
    pieces = [" ".join(words[at : at + 6]) for at in range(0, len(words), 6)]
    return "\n\n".join(itertools.chain.from_iterable((piece, pick.choice(FILLERS)) for piece in pieces))


MUTATIONS: dict[str, Mutation] = {
    "none": lambda text, _: text, "upper case": upper, "mixed case": mixed_case, "wide spacing": wide,
    "letters apart": spelled, "typing errors": typos, "synonyms": synonyms, "homoglyphs": homoglyphs,
    "leetspeak": leetspeak, "zero width": zero_width, "split over blocks": split_over_blocks,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--most", type=int, default=20_000)
    args = parser.parse_args()
    stages = stages_of(weights_from(None))
    rows = rows_for(args.data, args.ordinary, args.most)
    ordinary = by_views(stages, rows.fitted_on, views=False)
    families = attacks(rows.labelled, args.rows)
    plain = {name: by_views(stages, texts) for name, texts in families.items()}
    triggers(stages, ordinary, plain)
    limit = threshold_for(ordinary, 1.0)
    print(f"mutations, at most {args.rows} attacks of each of {len(families)} families, threshold for 1 %")
    for name, mutate in MUTATIONS.items():
        pick = random.Random(SEED)
        found = {family: by_views(stages, [mutate(t, pick) for t in texts]) for family, texts in families.items()}
        told = ", ".join(f"{family} {np.mean(s > limit):.2f}" for family, s in sorted(found.items()))
        print(f"  {name}: macro recall {macro(found, limit)}; {told}")


def attacks(labelled: Sequence, most: int) -> dict[str, list[str]]:
    of: defaultdict[str, list[str]] = defaultdict(list)
    for row in labelled:
        if row.label in (Label.INJECTION, Label.JAILBREAK):
            of[row.family].append(row.text)
    pick = random.Random(SEED)
    return {name: pick.sample(texts, min(most, len(texts))) for name, texts in sorted(of.items())}


def by_views(stages: Stages, texts: Sequence[str], *, views: bool = True) -> np.ndarray:
    """The highest window of every view of each text."""
    pieces, owners = [], []
    for number, text in enumerate(texts):
        for view in seen(text) if views else (text,):
            for window in itertools.islice(windows(view), MOST_WINDOWS):
                pieces.append(window.text)
                owners.append(number)
    highest = np.full(len(texts), -np.inf)
    np.maximum.at(highest, owners, stages.logits(pieces)[:, HEADS.index(Head.THREAT)].astype(np.float64))
    return highest


def seen(text: str) -> tuple[str, ...]:
    views = canonical(text.encode("utf-8", "replace"))
    return tuple(dict.fromkeys((views.plain.text, views.skeleton.text, *(view.text for view in views.decoded))))


def macro(found: dict[str, np.ndarray], limit: float) -> str:
    draw = np.random.default_rng(SEED)
    flags = [(scores > limit).astype(float) for scores in found.values()]
    drawn = [f[draw.integers(0, len(f), size=(DRAWS, len(f)))].mean(axis=1) for f in flags]
    low, high = np.quantile(np.mean(drawn, axis=0), (0.025, 0.975))
    return f"{np.mean([f.mean() for f in flags]):.3f} ({low:.2f}–{high:.2f})"


def triggers(stages: Stages, ordinary: np.ndarray, plain: dict[str, np.ndarray]) -> None:
    sentences = list(trigger_sentences())
    scores = by_views(stages, [text for _, _, text in sentences])
    groups = [
        np.flatnonzero([t == template for t, _, _ in sentences])
        for template in dict.fromkeys(t for t, _, _ in sentences)
    ]
    print(f"{len(sentences)} sentences with trigger words, of {len(groups)} templates")
    for percent in (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0):
        point(f"{percent:g} % of ordinary windows", threshold_for(ordinary, percent), scores, groups, plain)
    limits = np.unique(np.concatenate(list(plain.values())))
    enough = [limit for limit in limits if np.mean([(s > limit).mean() for s in plain.values()]) >= 0.55]
    limit = float(enough[-1])
    point("macro recall at least 0.55", limit, scores, groups, plain)
    print(f"    which is {np.mean(ordinary > limit):.2%} of ordinary windows")
    for container in dict.fromkeys(c for _, c, _ in sentences):
        chosen = np.array([c == container for _, c, _ in sentences])
        print(f"    {container}: {np.mean(scores[chosen] > limit):.1%} of {chosen.sum()}")


def point(
    name: str, limit: float, scores: np.ndarray, groups: Sequence[np.ndarray], plain: dict[str, np.ndarray]
) -> None:
    draw = np.random.default_rng(SEED)
    sums, sizes = np.array([(scores[g] > limit).sum() for g in groups]), np.array([len(g) for g in groups])
    drawn = draw.integers(0, len(groups), size=(DRAWS, len(groups)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), (0.025, 0.975))
    print(f"  {name}: flagged {np.mean(scores > limit):.1%} ({low:.1%}–{high:.1%}), macro recall {macro(plain, limit)}")


def trigger_sentences():
    """(template, container, text): every filling of every template once, containers in turn."""
    table = tomllib.loads(Path(__file__).with_name("trigger_sentences.toml").read_text(encoding="utf-8"))
    containers = itertools.cycle(table["containers"].items())
    for template in itertools.chain.from_iterable(table["sentences"].values()):
        slots = re.findall(r"\{(\w+)\}", template)
        for filling in itertools.product(*(table["words"][slot] for slot in slots)):
            name, shape = next(containers)
            text = template.format(**dict(zip(slots, filling, strict=True)))
            yield template, name, shape.format(text)


if __name__ == "__main__":
    main()
