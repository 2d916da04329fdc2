"""Wiring of the classifiers: weights of the package or a folder, thresholds of the company's own, any text."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clearance.app.kept_patterns import keep_patterns, kept_patterns
from clearance.app.places import ELSEWHERE, state_folder
from clearance.app.writable import Unwritable
from clearance.detect.canonical.views import MOST
from clearance.detect.classifier import packaged
from clearance.detect.classifier.judge import TextJudge
from clearance.detect.classifier.stages import Stages, encoder
from clearance.detect.classifier.weights import Thresholds, Weights, read_weights
from clearance.detect.patterns import Engine
from clearance.detect.phrases import PhraseJudge
from clearance.detect.secrets import SecretJudge
from clearance.detect.threats import ThreatJudge
from clearance.lab.threats.calibrating import read_thresholds
from clearance.model.threat import SpanChannel

if TYPE_CHECKING:
    from clearance.lab.text_rules import TextRules

CALIBRATED: Final = "thresholds.json"
_KEY_SIZE: Final = 32
CHANNELS: Final = {
    **{channel.value: channel for channel in SpanChannel},
    "tool-result": SpanChannel.FILE_RESULT,
    "prompt": SpanChannel.USER_PROMPT,
}
"""Names on the command line; the last ones are short for the channel that is meant most often."""


def weights_from(folder: Path | None) -> Weights:
    """The shipped weights, or those of a folder. Raises WeightsUnusable."""
    return read_weights(packaged.read if folder is None else lambda name: (folder / name).read_bytes())


def thresholds_path() -> Path:
    """Where ``calibrate`` keeps what it fitted."""
    return state_folder() / "classifiers" / CALIBRATED


def stages_of(weights: Weights) -> Stages:
    """Both stages. Raises WeightsUnusable where onnxruntime is missing."""
    return Stages(weights, encoder(weights, threads=2))


def threat_judge(folder: Path | None = None, rules: Sequence[Path] = ()) -> ThreatJudge:
    """The judge with the weights of a folder (None: the shipped ones) and the thresholds that hold here.

    Raises:
        WeightsUnusable: the weights are missing, changed, or the second stage cannot be run.
        ThreatsError: thresholds are kept that were fitted for other weights.
        LabError: rules of the user cannot be used.
    """
    others = (text_rules(rules).judge,) if rules else ()
    weights = weights_from(folder)
    return ThreatJudge(
        texts=TextJudge(stages_of(weights), weights.card, own_thresholds(weights)),
        version=weights.digest,
        phrases=_phrases(),
        secrets=_secrets(),
        others=others,
    )


def _phrases() -> PhraseJudge:
    kept = kept_patterns("phrases")
    judge = PhraseJudge(saved=kept)
    _keep("phrases", kept, judge.engine)
    return judge


def _secrets() -> SecretJudge:
    kept = kept_patterns("secrets")
    judge = SecretJudge(secrets_key(), saved=kept)
    _keep("secrets", kept, judge.engine)
    return judge


def _keep(name: str, before: bytes, engine: Engine) -> None:
    made = engine.saved
    if made and made != before:
        keep_patterns(name, made)


def text_rules(paths: Sequence[Path]) -> "TextRules":
    """The user's YARA rules. Raises LabError."""
    from clearance.lab.text_rules import TextRules

    return TextRules(paths)


def secrets_key() -> bytes:
    """The key of this installation for digests of secrets, made at the first use. Raises Unwritable."""
    path = state_folder() / "classifiers" / "secrets.key"
    try:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(os.urandom(_KEY_SIZE))
        key = path.read_bytes()
    except OSError as error:
        raise Unwritable(f"{path} cannot be used: {error.strerror}.", advice=ELSEWHERE) from error
    if len(key) != _KEY_SIZE:
        raise Unwritable(f"{path} is no key of {_KEY_SIZE} bytes.", advice="Remove it; the next use makes another.")
    return key


def own_thresholds(weights: Weights) -> tuple[Thresholds, ...] | None:
    """What ``calibrate`` kept for these weights; None where nothing is kept. Raises ThreatsError."""
    path = thresholds_path()
    return read_thresholds(path.read_bytes(), weights.digest) if path.is_file() else None


def text_of(argument: str | None, channel: SpanChannel | None) -> tuple[bytes, SpanChannel]:
    """What is to be judged: a file, a command line, or standard input; and the channel where none was named.

    A command stands in the argument itself, a tool call may. Read is one byte more than is judged, so that a longer
    text is told as one.
    """
    if argument is None or argument == "-":
        return sys.stdin.buffer.read(MOST + 1), channel or SpanChannel.USER_PROMPT
    if channel is SpanChannel.COMMAND or (channel is SpanChannel.TOOL_CALL and not _names_a_file(argument)):
        return argument.encode("utf-8", "surrogateescape"), channel
    with Path(argument).open("rb") as file:
        return file.read(MOST + 1), channel or SpanChannel.FILE_RESULT


def _names_a_file(argument: str) -> bool:
    return bool(argument) and argument.lstrip()[:1] not in ("{", "[", '"')
