"""Every row of the table finds what it describes and leaves a near miss alone."""

import base64
import random
import string
from collections.abc import Callable

import pytest

from clearance.detect.secrets import SecretJudge, providers
from clearance.detect.secrets.formats import AssignedFormat, Provider, TokenFormat

TOKENS = [(p, f) for p in providers() for f in p.formats]
ASSIGNED = [(p, f) for p in providers() for f in p.assigned]
Draw = Callable[..., str]
_BASE64URL = string.ascii_letters + string.digits + "-_"


def drawn_discord(chance: random.Random) -> str:
    number = base64.urlsafe_b64encode(str(chance.randint(10**17, 9 * 10**17)).encode()).decode().rstrip("=")
    return f"{number}.{''.join(chance.choices(_BASE64URL, k=6))}.{''.join(chance.choices(_BASE64URL, k=30))}"


def sample(format_: TokenFormat, chance: random.Random, draw: Draw) -> str:
    """A text with the token in it; where the token shows only in its place, with the place."""
    if format_.check == "discord":
        return drawn_discord(chance)
    token = draw(format_.find, chance)
    return f'"secret_key" => "{token}"' if format_.check == "freemius" else f'x = "{token}"'


def ids(judge: SecretJudge, text: str) -> set[str]:
    return {secret.id for secret in judge.find(text.encode())}


def test_there_are_formats_of_at_least_150_providers_and_every_id_is_there_once() -> None:
    rows = [f.id for _, f in (*TOKENS, *ASSIGNED)]
    assert len({p.name for p in providers()}) >= 150
    assert all(p.formats or p.assigned for p in providers())
    assert len(rows) == len(set(rows))


def test_every_provider_with_values_by_name_has_names() -> None:
    assert [p.name for p in providers() if p.assigned and not p.names] == []


@pytest.mark.parametrize(("provider", "format_"), TOKENS, ids=lambda v: getattr(v, "id", None))
def test_a_token_of_the_format_is_found(
    provider: Provider, format_: TokenFormat, judge: SecretJudge, draw: Draw
) -> None:
    chance = random.Random(format_.id)
    texts = [sample(format_, chance, draw) for _ in range(8)]
    # A draw can look like a placeholder or like another row's token; most do not.
    assert sum(bool(ids(judge, text)) for text in texts) >= 6
    assert any(format_.id in ids(judge, text) for text in texts)


@pytest.mark.parametrize(("provider", "format_"), TOKENS, ids=lambda v: getattr(v, "id", None))
def test_a_token_that_is_a_character_short_is_not_of_the_format(
    provider: Provider, format_: TokenFormat, judge: SecretJudge, draw: Draw
) -> None:
    chance = random.Random(format_.id)
    short = [draw(format_.find, chance, shortest=True)[:-1] for _ in range(5)]
    assert all(format_.id not in ids(judge, f"x = {token} ") for token in short)


@pytest.mark.parametrize(("provider", "format_"), ASSIGNED, ids=lambda v: getattr(v, "id", None))
def test_a_value_is_found_by_its_name_and_not_under_another(
    provider: Provider, format_: AssignedFormat, judge: SecretJudge, draw: Draw
) -> None:
    chance = random.Random(format_.id)
    lines = ('{}_token = "{}"', "{}Key: {}", '"{}-secret": "{}"', "export {}_KEY={}", "<{}Token>{}</x>")
    name = provider.names[0].replace("_", "-")
    values = [draw(format_.value, chance) for _ in lines]
    found = [bool(judge.find(line.format(name, value).encode())) for line, value in zip(lines, values, strict=True)]
    assert sum(found) >= 3
    assert not any(format_.id in ids(judge, f'colour = "{value}"') for value in values)


@pytest.mark.parametrize("name", ["blob", "draws", "sumo_wrestler", "linearly"])
def test_a_provider_inside_of_a_word_is_no_provider(name: str, judge: SecretJudge) -> None:
    values = ("live_" + "0a1b2c3d4e" * 3 + "f0a1b", "9f8e7d6c" * 5)
    assert not any(judge.find(f"{name} = '{value}'".encode()) for value in values)
