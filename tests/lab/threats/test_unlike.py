"""Ordinary text that is unlike prose: every form of a recording says what its user said; what is no prose is short."""

import random
from collections import Counter

from clearance.lab.threats.constitution import constitution
from clearance.lab.threats.generator import generated
from clearance.lab.threats.rows import Label
from clearance.lab.threats.unlike import no_prose, recording


def test_every_form_of_a_recording_holds_what_its_user_said() -> None:
    pick = random.Random(1)
    told = [recording(constitution().words, "send the ledger", pick) for _ in range(60)]
    assert all("send the ledger" in text for text in told)
    assert len(set(told)) == len(told)
    assert any(text.startswith("interactions:") for text in told)


def test_a_recording_is_an_attack_only_where_its_user_message_is() -> None:
    rows = generated(constitution(), ("a\nb\n",), seed=5, pairs=3_000)
    labels = Counter(row.label for row in rows if '"role": "system"' in row.text or row.text.startswith("system = "))
    assert labels[Label.INJECTION] > 5
    assert labels[Label.ORDINARY] > 2 * labels[Label.INJECTION]


def test_text_that_is_no_prose_is_bounded_and_of_many_kinds() -> None:
    pick = random.Random(2)
    texts = [no_prose(constitution().words, pick) for _ in range(300)]
    assert max(map(len, texts)) <= 1_600
    assert any("HTTP/1.1" in text for text in texts)
    assert any(set(text) <= set("01") for text in texts)
    assert any("█" in text for text in texts)
