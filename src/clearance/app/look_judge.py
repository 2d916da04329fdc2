"""The judge of texts for a look: its version costs two small files; the models are loaded when it is first asked."""

import hashlib
from functools import cached_property

from clearance.app.classifying import stages_of, thresholds_path, weights_from
from clearance.detect.classifier import packaged
from clearance.detect.classifier.errors import WeightsUnusable
from clearance.detect.classifier.judge import TextJudge
from clearance.detect.classifier.weights import CARD
from clearance.detect.threats import ThreatJudge
from clearance.lab.threats.calibrating import read_thresholds
from clearance.model.finding import Finding
from clearance.model.threat import SpanChannel


class LookJudge:
    """The shipped weights with the thresholds that hold here; secrets are not its business."""

    @cached_property
    def version(self) -> str:
        """A digest of the model card, which names the weights, and of thresholds of one's own."""
        try:
            card = packaged.read(CARD)
        except OSError as error:
            raise WeightsUnusable(
                f"The weights are not all there: {error}.", advice="Install Clearance anew."
            ) from error
        return hashlib.sha256(card + b"\0" + (_thresholds() or b"")).hexdigest()

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Findings in a text. Raises WeightsUnusable, ThreatsError."""
        return self._judge.judge(data, channel)

    @cached_property
    def _judge(self) -> ThreatJudge:
        weights = weights_from(None)
        kept = _thresholds()
        own = read_thresholds(kept, weights.digest) if kept is not None else None
        return ThreatJudge(texts=TextJudge(stages_of(weights), weights.card, own), version=weights.digest)


def _thresholds() -> bytes | None:
    path = thresholds_path()
    return path.read_bytes() if path.is_file() else None
