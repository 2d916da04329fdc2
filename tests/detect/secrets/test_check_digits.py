"""Numbers of cards, accounts and persons: a right one is found, one changed digit is not."""

import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.detect.secrets import SecretJudge
from clearance.detect.secrets.checkdigits import NUMBERS, luhn, verhoeff
from clearance.detect.secrets.payment import LENGTHS, is_iban, issuer
from clearance.detect.secrets.persons import person_numbers

# Published by the issuers, or in the literature, as examples.
EXAMPLES = {
    "at-svnr": "1237010180", "au-tfn": "123456782", "be-nrn": "85073003328", "br-cpf": "52998224725", "br-cnpj": "11222333000181",
    "ca-sin": "046454286", "ch-ahv": "7569217076985", "cn-rid": "11010519491231002X", "de-idnr": "86095742719",
    "es-dni": "12345678Z", "fi-hetu": "131052308T", "fr-nir": "255081416802538", "hk-hkid": "A1234563", "in-aadhaar": "234123412346",
    "it-cf": "RSSMRA85T10A562S", "kr-rrn": "9001011234568", "nl-bsn": "111222333", "pl-pesel": "44051401359", "pt-nif": "123456789",
    "se-pnr": "8112189876", "sg-nric": "S1234567D", "tr-tckn": "10000000146", "za-id": "8001015009087", "no-fnr": "01010750160",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_published_number_holds(kind: str) -> None:
    assert NUMBERS[kind](EXAMPLES[kind])


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_most_numbers_with_one_digit_changed_do_not_hold(kind: str) -> None:
    number, check = EXAMPLES[kind], NUMBERS[kind]
    changed = [
        number[:at] + digit + number[at + 1 :]
        for at in range(len(number))
        if number[at].isdigit()
        for digit in string.digits
        if digit != number[at]
    ]
    assert sum(check(other) for other in changed) <= 0.12 * len(changed)


@pytest.mark.parametrize("kind", person_numbers(), ids=lambda k: k.id)
def test_no_text_of_the_shape_breaks_a_check(kind, draw: Callable[..., str]) -> None:
    chance = random.Random(kind.id)
    for _ in range(200):
        number = "".join(c for c in draw(kind.find, chance) if c.isalnum()).upper()
        assert NUMBERS[kind.id](number) in (True, False)


@pytest.mark.parametrize("kind", person_numbers(), ids=lambda k: k.id)
def test_a_number_counts_only_behind_the_word_for_it(kind, judge: SecretJudge, draw: Callable[..., str]) -> None:
    chance = random.Random(kind.id)
    shown = (draw(kind.find, chance) for _ in range(20_000))
    number = next(
        n
        for n in shown
        if (bare := "".join(c for c in n if c.isalnum()).upper()) and len(set(bare)) > 3 and NUMBERS[kind.id](bare)
    )
    word = kind.words[0].strip(" :=-")
    for spelt in (word, word.upper()) if word.isascii() else (word,):
        assert judge.find(f"{spelt}: {number}.".encode())
    text = f"{kind.words[0]}: {number} ".encode()
    assert {s.start for s in judge.find(text) if s.id == kind.id} <= {len(f"{kind.words[0]}: ".encode())}
    assert kind.id not in {s.id for s in judge.find(f"row {number}, {number}".encode())}


@given(st.text(string.digits, min_size=8, max_size=24))
def test_luhn_and_verhoeff_take_one_of_ten_last_digits(number: str) -> None:
    for check in (luhn, verhoeff):
        assert sum(check(number + digit) for digit in string.digits) == 1


@given(st.sampled_from(sorted(LENGTHS)), st.randoms(use_true_random=False))
def test_an_account_number_has_one_pair_of_check_digits(country: str, chance: random.Random) -> None:
    rest = "".join(chance.choices(string.digits, k=LENGTHS[country] - 4))
    right = 98 - int("".join(str(int(c, 36)) for c in f"{rest}{country}00")) % 97
    assert is_iban(f"{country}{right:02}{rest}")
    assert not is_iban(f"{country}{(right + 1) % 97:02}{rest}")
    assert not is_iban(f"{country}{right:02}{rest}0")


def card(prefix: str, size: int, seed: int = 5) -> str:
    chance = random.Random(seed)
    rest = prefix + "".join(chance.choices(string.digits, k=size - len(prefix) - 1))
    return next(rest + digit for digit in string.digits if luhn(rest + digit))


@pytest.mark.parametrize(
    ("prefix", "size", "name"),
    [("4", 16, "Visa"), ("55", 16, "Mastercard"), ("2221", 16, "Mastercard"), ("37", 15, "American Express"),
     ("6011", 16, "Discover"), ("3530", 16, "JCB"), ("36", 14, "Diners Club"), ("62", 16, "UnionPay")],
)  # fmt: skip
def test_a_card_is_known_by_its_issuer(prefix: str, size: int, name: str, judge: SecretJudge) -> None:
    number = card(prefix, size)
    assert issuer(number) == name
    assert [s.provider for s in judge.find(f"card number: {number}".encode())] == [name]
    assert judge.find(f"card number: {number[:-1]}{(int(number[-1]) + 1) % 10}".encode()) == ()
    assert judge.find(f"nanoseconds {number}".encode()) == ()


def test_a_card_in_groups_needs_no_word(judge: SecretJudge) -> None:
    number = card("4", 16)
    groups = [number[i : i + 4] for i in range(0, 16, 4)]
    for sign in " -":
        (found,) = judge.find(f"It is {sign.join(groups)}.".encode())
        assert (found.id, found.end - found.start) == ("payment-card", 19)
    assert judge.find(f"It is {groups[0]}-{groups[1]} {groups[2]}-{groups[3]}.".encode()) == ()


def test_an_account_number_is_found_alone_and_in_groups(judge: SecretJudge) -> None:
    rest = "370400440532013000"
    number = f"DE{98 - int(f'{rest}131400') % 97:02}{rest}"
    for shown in (number, " ".join(number[i : i + 4] for i in range(0, 22, 4))):
        text = f"IBAN {shown} BIC"
        (found,) = judge.find(text.encode())
        assert text[found.start : found.end] == shown
    assert judge.find(f"x{number}".encode()) == ()
