"""Malicious lines in skills: how many are seen, at how many alarms on honest skills, by models, by lines and by both.

    python bench/skill_text.py --out DIR
    python bench/skills.py --texts DIR [--fit] [--pairs 1000]

The harmful lines are generated (``lab/threats/phrases/skill_lines.toml``) and buried in windows of honest skills of
packages that nobody read (``DIR/judge``); rules were made with the other half of the grammar and ``DIR/calibrate``. The
thresholds of the models are those for 1 % of windows of ``calibrate``; ``--fit`` writes them into the model card
for the channels ``skill`` and ``tool-definition`` (of the second there are too few honest texts to fit it by itself).
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from clearance.app.classifying import stages_of, weights_from
from clearance.detect.classifier.heads import Head
from clearance.detect.classifier.weights import CARD
from clearance.detect.instructions import read_instructions
from clearance.lab.threats.agent_texts import agent_windows
from clearance.lab.threats.bench import head_score
from clearance.lab.threats.measuring import threshold_for
from clearance.lab.threats.rows import LabelledText
from clearance.lab.threats.skill_lines import BuriedLine, Part, buried_lines
from clearance.model.threat import SpanChannel

SEED, MOST, EACH = 1, 8_000, 400
FITTED = (SpanChannel.SKILL, SpanChannel.TOOL_DEFINITION)
WEIGHTS = Path(__file__).parents[1] / "src/clearance/detect/classifier/weights"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--pairs", type=int, default=1_000)
    args = parser.parse_args()
    weights = weights_from(None)
    score = head_score(stages_of(weights), Head.THREAT)
    honest = {
        split: agent_windows(args.texts / split, SpanChannel.SKILL, SEED, most=MOST, each=EACH)
        for split in ("calibrate", "judge")
    }
    scores = {split: score([row.text for row in rows]) for split, rows in honest.items()}
    limits = {percent: threshold_for(scores["calibrate"], percent) for percent in (1.0, 0.1)}
    print(f"thresholds from {len(honest['calibrate']):,} windows: {limits}")
    if args.fit:
        fit(limits)
    lines = {split: np.array([bool(read_instructions(r.text).lines) for r in rows]) for split, rows in honest.items()}
    for split, rows in honest.items():
        alarms(split, rows, {"models 1 %": scores[split] > limits[1.0], "lines": lines[split]})
    for part, split in ((Part.DEVELOP, "calibrate"), (Part.HELD_OUT, "judge")):
        documents = [row.text for row, flagged in zip(honest[split], lines[split], strict=True) if not flagged]
        rows = list(buried_lines(part, documents, SEED, args.pairs))
        found = score([row.text for row in rows])
        seen = np.array([bool(read_instructions(row.text).lines) for row in rows])
        print(f"grammar {part}, {args.pairs} harmful lines and as many honest ones, in windows of {split}")
        recall("models at 1 %", rows, found > limits[1.0])
        recall("lines", rows, seen)
        recall("lines, or models at 0.1 %", rows, seen | (found > limits[0.1]))


def fit(limits: dict[float, float]) -> None:
    """Write the thresholds into the model card."""
    path = WEIGHTS / CARD
    card = msgspec.json.decode(path.read_bytes())
    for kept in card["thresholds"]:
        for channel in FITTED:
            kept["threat"][channel.value] = limits[kept["percent"]]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(card)) + b"\n")


def alarms(split: str, rows: Sequence[LabelledText], flags: dict[str, np.ndarray]) -> None:
    """Share of honest windows that are flagged, and the packages with most of them."""
    for name, flagged in flags.items():
        of: defaultdict[str, list[bool]] = defaultdict(list)
        for row, flag in zip(rows, flagged, strict=True):
            of[row.family].append(bool(flag))
        worst = sorted(of, key=lambda family: -np.mean(of[family]))[:3]
        low, high = interval(list(of.values()))
        told = ", ".join(f"{family} {np.mean(of[family]):.1%}" for family in worst)
        rate = f"{flagged.mean():.2%} ({low:.2%}–{high:.2%}; {told})"
        print(f"honest, {split}, {len(rows):,} windows of {len(of)} packages: {name} {rate}")


def recall(name: str, rows: Sequence[BuriedLine], flagged: np.ndarray) -> None:
    """Recall by effect, with intervals by drawing lines rather than rows: rows of one line are alike."""
    effects: defaultdict[str, list[bool]] = defaultdict(list)
    lines: defaultdict[str, list[bool]] = defaultdict(list)
    for row, flag in zip(rows, flagged, strict=True):
        effects[row.effect.value if row.effect else "honest lines"].append(bool(flag))
        if row.effect:
            lines[row.line].append(bool(flag))
    harmful = [flag for flags in lines.values() for flag in flags]
    low, high = interval(list(lines.values()))
    told = ", ".join(f"{effect} {np.mean(flags):.3f}" for effect, flags in effects.items())
    print(f"  {name}: recall {np.mean(harmful):.3f} ({low:.3f}–{high:.3f}); {told}")


def interval(groups: Sequence[Sequence[bool]], rounds: int = 1_000) -> tuple[float, float]:
    """95 %, drawing groups."""
    draw, sizes = np.random.default_rng(SEED), np.array([len(g) for g in groups])
    sums = np.array([sum(g) for g in groups])
    drawn = draw.integers(0, len(groups), size=(rounds, len(groups)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
