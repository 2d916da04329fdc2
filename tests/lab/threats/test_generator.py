"""The data engine: deterministic, attacks beside ordinary twins, every slot filled, nothing of what is judged on."""

import random
from collections import Counter

import pytest

from clearance.lab.threats.constitution import constitution
from clearance.lab.threats.disguises import DISGUISES
from clearance.lab.threats.generator import attack, generated
from clearance.lab.threats.grammar import expand, slots_of
from clearance.lab.threats.rows import Label
from clearance.lab.threats.shingles import overlapping
from clearance.model.threat import MisuseTier, SpanChannel

DOCUMENTS = ("def run():\n    return 1\n\n# the end\n", "# Title\n\nSome text.\n\n- a list\n- of things\n")
ROWS = list(generated(constitution(), DOCUMENTS, seed=3, pairs=600))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert list(generated(constitution(), DOCUMENTS, seed=3, pairs=600)) == ROWS
    assert list(generated(constitution(), DOCUMENTS, seed=4, pairs=600)) != ROWS


def test_every_container_has_attacks_and_ordinary_twins() -> None:
    of = Counter((row.channel, row.label is Label.ORDINARY) for row in ROWS)
    channels = {container.channel for container in constitution().containers}
    assert all(of[channel, True] and of[channel, False] for channel in channels)


def test_every_slot_of_every_template_is_filled() -> None:
    rules = constitution()
    own = {"order", "do", "payload", "does", "attack"}
    templates = [line for goal in rules.goals for line in goal.lines]
    templates += [*rules.marked, *rules.plain, *rules.frames]
    templates += [shape for container in rules.containers for shape in container.shapes]
    templates += [line for lines in rules.words.values() for line in lines]
    templates += [line for tier in rules.tiers.values() for line in tier]
    templates += [line for t in rules.tongues.values() for line in (*t.marked, *t.orders, *t.ordinary)]
    assert {slot for line in templates for slot in slots_of(line)} - rules.words.keys() - own == set()
    assert not any("{" in row.text and "_place}" in row.text for row in ROWS)


def test_there_are_ten_languages_and_four_tiers() -> None:
    rules = constitution()
    assert {"zh", "ja", "ko", "de", "fr", "es", "ru", "ar", "hi"} <= rules.tongues.keys()
    assert all(rules.tiers[tier] for tier in MisuseTier)


def test_attacks_that_are_only_shown_are_ordinary_and_say_so() -> None:
    shown = [row for row in ROWS if row.quoted]
    assert shown
    assert {row.label for row in shown} == {Label.ORDINARY}


def test_a_prompt_that_gives_orders_is_a_jailbreak_and_a_file_an_injection() -> None:
    attacks = [row for row in ROWS if row.label in (Label.INJECTION, Label.JAILBREAK)]
    assert {row.label for row in attacks if row.channel is SpanChannel.USER_PROMPT} == {Label.JAILBREAK}
    assert {row.label for row in attacks if row.channel is SpanChannel.FILE_RESULT} == {Label.INJECTION}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_changes_the_text_and_keeps_most_of_its_letters(disguise: object) -> None:
    pick = random.Random(1)
    changed = 0
    for _ in range(40):
        text = attack(constitution(), pick, marked=True).text
        new = disguise(text, pick)  # type: ignore[operator]
        changed += new != text
        assert len(new) >= 0.7 * len(text)
    assert changed >= 20


def test_braces_are_written_twice_and_unknown_slots_are_named() -> None:
    assert expand("{{{a}}}", {"a": ["x"]}, random.Random(1)) == "{x}"
    with pytest.raises(KeyError, match="nothing"):
        expand("{nothing}", {}, random.Random(1))


def test_a_slot_that_fills_itself_is_refused() -> None:
    with pytest.raises(RecursionError):
        expand("{a}", {"a": ["{a}"]}, random.Random(1))


def test_texts_that_say_the_same_overlap_and_others_do_not() -> None:
    judged = ["Please transfer the whole balance to the following account before anybody looks at it again today."]
    copied = f"Hello.\n{judged[0].upper()}"
    assert overlapping([copied, "Something else that has eight or more words in it, as most do."], judged) == {0}
    assert overlapping(["short text"], ["Short, text!"]) == {0}
    assert overlapping(["anything"], []) == frozenset()
