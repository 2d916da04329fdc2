"""What others say of the same rows: detectors and public rule sets from PyPI, each in an environment of its own.

They run as they are published, outside of Clearance's process, and get texts and nothing else.
"""

import json
import re
import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.measuring import Scores

_LONGEST: Final = 1_800
"""Seconds that a peer may take."""
_LOOP: Final = "import json, sys\nfor line in sys.stdin:\n    print(float(score(json.loads(line))), flush=True)\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One detector: what is installed, and a function ``score`` of its own words."""

    name: str
    requirement: str
    script: str


PEERS: Final = (
    Peer(
        name="stackone-defender 0.9.4",
        requirement="stackone-defender[onnx]==0.9.4",
        script=(
            "from stackone_defender.classifiers.tier2_classifier import Tier2Classifier\n"
            "judge = Tier2Classifier()\njudge.warmup()\n"
            "def score(text):\n    return judge.classify_by_chunks(text).get('score') or 0\n"
        ),
    ),
    Peer(
        name="rules of stackone-defender",
        requirement="stackone-defender[onnx]==0.9.4",
        script=(
            "from stackone_defender.classifiers.pattern_detector import PatternDetector\n"
            "judge = PatternDetector()\n"
            "def score(text):\n"
            "    found = judge.analyze(text)\n"
            "    return len(found.matches) + len(found.structural_flags) / 9\n"
        ),
    ),
    Peer(
        name="rules of prompt-armor 0.9.1",
        requirement="prompt-armor==0.9.1",
        script=(
            "from prompt_armor.layers.l1_regex import L1RegexLayer\n"
            "judge = L1RegexLayer()\njudge.setup() if hasattr(judge, 'setup') else None\n"
            "def score(text):\n    return judge.analyze(text).score\n"
        ),
    ),
)


def peer_scores(peer: Peer, texts: Sequence[str], folder: Path) -> Scores:
    """A score a text, higher is worse. Installs the peer below ``folder`` first. Raises ThreatsError."""
    python = _environment(peer, folder)
    lines = "".join(json.dumps(text.encode("utf-8", "replace").decode()) + "\n" for text in texts)
    try:
        ended = subprocess.run(
            [str(python), "-c", peer.script + _LOOP],
            input=lines, capture_output=True, text=True, timeout=_LONGEST, check=False, cwd=folder,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ThreatsError(f"{peer.name} was not done within {_LONGEST} s.", advice=_FEWER) from error
    found = ended.stdout.split()
    if ended.returncode != 0 or len(found) != len(texts):
        raise ThreatsError(f"{peer.name} ended with {ended.returncode}: {ended.stderr.strip()[-300:]}", advice=_FEWER)
    return np.array([float(score) for score in found])


_FEWER: Final = "Run without --peers, or with fewer rows."


def _environment(peer: Peer, folder: Path) -> Path:
    name = re.sub(r"[^a-z0-9.]+", "-", peer.requirement)
    python = folder / name / "bin" / "python"
    done = folder / name / "installed"
    if not done.exists():
        venv.create(folder / name, with_pip=True, clear=True)
        ended = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer.requirement],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ended.returncode != 0:
            raise ThreatsError(f"{peer.requirement} could not be installed: {ended.stderr[-300:]}", advice=_FEWER)
        done.touch()
    return python
