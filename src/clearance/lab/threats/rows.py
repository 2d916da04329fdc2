"""Labelled text: what training, calibration and the benchmark read and the generator writes."""

import enum
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from clearance.lab.threats.errors import ThreatsError
from clearance.model.threat import MisuseTier, SpanChannel


class Label(enum.StrEnum):
    """What a row is an example of. Heads that a row says nothing of do not learn from it."""

    ORDINARY = "ordinary"
    INJECTION = "injection"
    JAILBREAK = "jailbreak"
    MISUSE = "misuse"


class LabelledText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One text, where it would stand, and what it is."""

    text: str
    channel: SpanChannel
    label: Label
    family: str
    """The source, as a name: rows of one family are never divided between training and judging."""
    tier: MisuseTier | None = None
    exfiltrates: bool = False
    quoted: bool = False
    """An attack that is only shown: documentation, a test, a report."""


def read_rows(path: Path) -> Iterator[LabelledText]:
    """The rows of a JSON-lines file. Raises ThreatsError with the number of the line that is none."""
    decoder = msgspec.json.Decoder(LabelledText)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise ThreatsError(
                    f"{path}, line {number}: {error}", advice="One JSON object a line: text, channel, label, family."
                ) from error


def rows_as_lines(rows: Iterable[LabelledText]) -> Iterator[bytes]:
    """JSON lines, for ``read_rows``."""
    encoder = msgspec.json.Encoder()
    for row in rows:
        yield encoder.encode(row) + b"\n"
