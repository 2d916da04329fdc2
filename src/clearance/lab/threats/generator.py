"""The data engine: attacks in the containers of coding work, each beside an ordinary twin in the same container.

Deterministic from a seed. An attack is an order (``goals``), put into words (``wrappers``), put into a container, or
buried at a place of a real document that is handed in. Its twin has the same container and an ordinary sentence.
Quoted attacks (documentation, tests, reports) are ordinary rows that say so.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearance.lab.threats.constitution import Constitution, Container, Tongue
from clearance.lab.threats.disguises import disguised
from clearance.lab.threats.grammar import as_order, expand
from clearance.lab.threats.rows import Label, LabelledText
from clearance.lab.threats.unlike import no_prose, recording
from clearance.model.threat import MisuseTier, SpanChannel

_FAMILY = "generated"
_BURIED, _TONGUES, _QUOTED, _DISGUISED, _MISUSE, _LETTERS = 0.28, 0.13, 0.07, 0.25, 0.16, 0.08
"""Shares: buried in a document, in another language, only quoted, disguised, requests about security, ordinary mail."""
_RECORDED, _NO_PROSE = 0.04, 0.05
"""Shares: recordings of an assistant at work, text that is no prose."""

_TWIN_LINES = (1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Attack:
    """An order, in words."""

    text: str
    exfiltrates: bool


def generated(rules: Constitution, documents: Sequence[str], seed: int, pairs: int) -> Iterator[LabelledText]:
    """``pairs`` attacks and as many twins, the attack first. ``documents``: ordinary texts in which some are buried."""
    pick = random.Random(seed)  # noqa: S311 - rows for training, not keys
    for _ in range(pairs):
        chance = pick.random()
        if chance < _MISUSE:
            yield from _misuse(rules, pick)
        elif chance > 1 - _LETTERS:
            yield from _letters(rules, pick)
        elif chance > 1 - _LETTERS - _RECORDED:
            yield from _recorded(rules, pick)
        elif chance > 1 - _LETTERS - _RECORDED - _NO_PROSE:
            yield from (_twin(no_prose(rules.words, pick), SpanChannel.FILE_RESULT) for _ in range(2))
        elif chance < _MISUSE + _QUOTED:
            yield from _quoted(rules, pick)
        elif chance < _MISUSE + _QUOTED + _TONGUES:
            yield from _in_tongue(rules, pick)
        elif documents and chance < _MISUSE + _QUOTED + _TONGUES + _BURIED:
            yield from _buried(rules, documents, pick)
        else:
            yield from _contained(rules, pick)


def requests(rules: Constitution, seed: int, pairs: int) -> Iterator[LabelledText]:
    """``pairs`` requests to misuse a computer, each before one of another tier."""
    pick = random.Random(seed)  # noqa: S311 - rows for training, not keys
    for _ in range(pairs):
        yield from _misuse(rules, pick)


def attack(rules: Constitution, pick: random.Random, *, marked: bool) -> Attack:
    """One order; ``marked`` ones claim to be instructions for an assistant."""
    goal = pick.choice(rules.goals)
    do = expand(pick.choice(goal.lines), rules.words, pick)
    words = {**rules.words, "order": (_braced(as_order(do)),), "do": (_braced(do),)}
    text = expand(pick.choice(rules.marked if marked else rules.plain), words, pick)
    return Attack(" ".join(text.split(" ")).strip(), goal.exfiltrates)


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _placed(container: Container, payload: str, rules: Constitution, pick: random.Random) -> str:
    words = {**rules.words, "payload": (_braced(payload),)}
    return expand(pick.choice(container.shapes), words, pick)


def _ordinary(kind: str, rules: Constitution, pick: random.Random) -> str:
    kinds = (kind, kind, kind, "triggers")
    lines = [
        expand(pick.choice(rules.ordinary[pick.choice(kinds)]), rules.words, pick)
        for _ in range(pick.choice(_TWIN_LINES))
    ]
    return " ".join(lines)


def _contained(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    container = pick.choice(rules.containers)
    made = attack(rules, pick, marked=pick.random() < 0.5)
    text = _maybe_disguised(made.text, pick)
    yield _attack(_placed(container, text, rules, pick), container.channel, made)
    yield _twin(_placed(container, _ordinary(container.of, rules, pick), rules, pick), container.channel)


def _buried(rules: Constitution, documents: Sequence[str], pick: random.Random) -> Iterator[LabelledText]:
    document = pick.choice(documents)
    made = attack(rules, pick, marked=pick.random() < 0.5)
    channel = pick.choice((SpanChannel.FILE_RESULT, SpanChannel.FILE_RESULT, SpanChannel.WEB_RESULT, SpanChannel.SKILL))
    yield _attack(_inserted(document, _maybe_disguised(made.text, pick), pick), channel, made)
    twin = _ordinary(pick.choice(("comment", "readme", "issue", "rules")), rules, pick)
    yield _twin(_inserted(document, twin, pick), channel)


_COMMENTS = (
    "{}",
    "{}",
    "# {}",
    "// {}",
    "<!-- {} -->",
    "/* {} */",
    "> {}",
    "- {}",
    "* {}",
    "-- {}",
    '"""{}"""',
    "[//]: # ({})",
)


def _inserted(document: str, text: str, pick: random.Random) -> str:
    """A few lines of the document with the text at one of its line ends."""
    lines = document.split("\n")
    start = pick.randrange(max(1, len(lines) - 4))
    taken = lines[start : start + pick.choice((4, 8, 16, 24))]
    at = pick.randrange(len(taken) + 1)
    indent = taken[at - 1][: len(taken[at - 1]) - len(taken[at - 1].lstrip())][:12] if at else ""
    return "\n".join([*taken[:at], indent + pick.choice(_COMMENTS).format(text), *taken[at:]])


def _letters(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    """Two ordinary letters or documents: most of what lies in a mailbox is no attack."""
    for _ in range(2):
        container = pick.choice([c for c in rules.containers if c.of in ("mail", "chat", "prose", "review", "web")])
        lines = [
            expand(pick.choice(rules.ordinary[container.of]), rules.words, pick) for _ in range(pick.randint(1, 5))
        ]
        yield _twin(_placed(container, pick.choice(("\n\n", " ", "\n")).join(lines), rules, pick), container.channel)


def _recorded(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    """Orders of a company to its own assistant are ordinary; an attack in the same recording is one."""
    asked = expand(pick.choice(rules.words["asked"]), rules.words, pick)
    if pick.random() < 0.5:
        made = attack(rules, pick, marked=pick.random() < 0.5)
        yield _attack(recording(rules.words, f"{asked}\n{made.text}", pick), SpanChannel.FILE_RESULT, made)
    else:
        yield _twin(recording(rules.words, asked, pick), SpanChannel.FILE_RESULT)
    yield _twin(recording(rules.words, asked, pick), SpanChannel.FILE_RESULT)


def _in_tongue(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    tongue: Tongue = pick.choice(list(rules.tongues.values()))
    order = expand(pick.choice(tongue.orders), rules.words, pick)
    shape = pick.choice(tongue.marked) if pick.random() < 0.6 else "{order}"
    text = expand(shape, {**rules.words, "order": (_braced(order),)}, pick)
    container = pick.choice(rules.containers)
    yield _attack(_placed(container, text, rules, pick), container.channel, Attack(text, exfiltrates=False))
    ordinary = expand(pick.choice(tongue.ordinary), rules.words, pick)
    yield _twin(_placed(container, ordinary, rules, pick), container.channel)


def _quoted(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    made = attack(rules, pick, marked=True)
    shape = pick.choice(rules.ordinary["quoting"])
    text = expand(shape, {**rules.words, "attack": (_braced(made.text),)}, pick)
    yield LabelledText(text=text, channel=SpanChannel.FILE_RESULT, label=Label.ORDINARY, family=_FAMILY, quoted=True)
    yield _twin(_ordinary("triggers", rules, pick), SpanChannel.USER_PROMPT)


def _misuse(rules: Constitution, pick: random.Random) -> Iterator[LabelledText]:
    yield _request(MisuseTier.PROHIBITED, rules, pick)
    yield _request(pick.choices(list(MisuseTier), weights=(0, 1, 1, 12))[0], rules, pick)


def _request(tier: MisuseTier, rules: Constitution, pick: random.Random) -> LabelledText:
    does = expand(pick.choice(rules.tiers[tier]), rules.words, pick)
    words = {**rules.words, "does": (_braced(does),)}
    if tier is MisuseTier.PROHIBITED and pick.random() < 0.4:
        words["extra"] = rules.words["bad_extra"]
    text = " ".join(expand(pick.choice(rules.frames), words, pick).split())
    label = Label.MISUSE if tier is MisuseTier.PROHIBITED else Label.ORDINARY
    return LabelledText(text=text, channel=SpanChannel.USER_PROMPT, label=label, family=_FAMILY, tier=tier)


def _maybe_disguised(text: str, pick: random.Random) -> str:
    return disguised(text, pick) if pick.random() < _DISGUISED else text


def _attack(text: str, channel: SpanChannel, made: Attack) -> LabelledText:
    label = Label.JAILBREAK if channel is SpanChannel.USER_PROMPT else Label.INJECTION
    return LabelledText(text=text, channel=channel, label=label, family=_FAMILY, exfiltrates=made.exfiltrates)


def _twin(text: str, channel: SpanChannel) -> LabelledText:
    return LabelledText(text=text, channel=channel, label=Label.ORDINARY, family=_FAMILY)
