"""Check digits of numbers of persons, by the issuers' rules. Each takes letters and digits only, in upper case."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_D5: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_TURN: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_ODD: Final = dict(
    zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
        22, 25, 24, 23,
    ), strict=True)
)  # fmt: skip


def luhn(number: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled, the sum is a multiple of ten."""
    digits = [int(c) for c in reversed(number)]
    return sum(d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)) % 10 == 0


def verhoeff(number: str) -> bool:
    """Verhoeff's dihedral check (Aadhaar)."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _TURN[turned]
        check = _D5[check][turned]
    return check == 0


def weighted(number: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights."""
    return sum(int(c) * w for c, w in zip(number, weights, strict=False))


def is_date(year: int, month: int, day: int) -> bool:
    """Whether such a day was."""
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _born(number: str) -> bool:
    """YYMMDD of one of the centuries."""
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    return is_date(1900 + year, month, day) or is_date(2000 + year, month, day)


def _de(n: str) -> bool:
    product = 10
    counts = sorted((n[:10].count(d) for d in set(n[:10])), reverse=True)
    for c in n[:10]:
        product = ((int(c) + product) % 10 or 10) * 2 % 11
    return counts[0] in (2, 3) and counts[1:2] < [2] and (11 - product) % 10 == int(n[10])


def _fr(n: str) -> bool:
    body = n[:13].replace("2A", "19").replace("2B", "18") if n[5:7] in ("2A", "2B") else n[:13]
    return body.isdigit() and 97 - int(body) % 97 == int(n[13:]) and (1 <= int(n[3:5]) <= 12 or int(n[3:5]) >= 20)


def _es(n: str) -> bool:
    digits = n[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == n[-1]


def _it(n: str) -> bool:
    even = sum(int(c) if c.isdigit() else ord(c) - 65 for c in n[1:15:2])
    return (even + sum(_ODD[c] for c in n[0:15:2])) % 26 == ord(n[15]) - 65


def _nl(n: str) -> bool:
    return int(n) > 0 and (weighted(n, range(9, 1, -1)) - int(n[8])) % 11 == 0


def _pl(n: str) -> bool:
    month = int(n[2:4]) % 20
    return 1 <= month <= 12 and 1 <= int(n[4:6]) <= 31 and weighted(n, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _se(n: str) -> bool:
    short = n[-10:]
    day = int(short[4:6])
    return luhn(short) and 1 <= int(short[2:4]) <= 12 and 1 <= (day - 60 if day > 60 else day) <= 31


def _fi(n: str) -> bool:
    return _day_first(n) and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(n[:6] + n[-4:-1]) % 31] == n[-1]


def _day_first(n: str) -> bool:
    return 1 <= int(n[:2]) <= 31 and 1 <= int(n[2:4]) <= 12


def _be(n: str) -> bool:
    return any(97 - int(lead + n[:9]) % 97 == int(n[9:]) for lead in ("", "2")) and int(n[2:4]) <= 12


def _pt(n: str) -> bool:
    rest = weighted(n, range(9, 1, -1)) % 11
    return int(n[8]) == (0 if rest < 2 else 11 - rest)


def _br(n: str, first: Sequence[int], second: Sequence[int]) -> bool:
    size = len(first)
    digits = [weighted(n, first) % 11, weighted(n, second) % 11]
    return len(set(n)) > 1 and all(int(n[size + i]) == (0 if d < 2 else 11 - d) for i, d in enumerate(digits))


def _cpf(n: str) -> bool:
    return _br(n, range(10, 1, -1), range(11, 1, -1))


def _cnpj(n: str) -> bool:
    first = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return _br(n, first, (6, *first))


def _cn(n: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        is_date(int(n[6:10]), int(n[10:12]), int(n[12:14])) and "10X98765432"[weighted(n[:17], weights) % 11] == n[17]
    )


def _kr(n: str) -> bool:
    return _born(n) and (11 - weighted(n, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == int(n[12])


def _sg(n: str) -> bool:
    total = weighted(n[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(n[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}[n[0]]
    return letters[total % 11] == n[8]


def _hk(n: str) -> bool:
    head = n[:-7]
    letters = ([36] if len(head) == 1 else []) + [ord(c) - 55 for c in head]
    values = [*letters, *(int(c) for c in n[len(head) : -1]), 10 if n[-1] == "A" else int(n[-1])]
    return sum(v * w for v, w in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def _tr(n: str) -> bool:
    d = [int(c) for c in n]
    return (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10 == d[9] and sum(d[:10]) % 10 == d[10]


def _za(n: str) -> bool:
    return _born(n) and luhn(n)


def _au(n: str) -> bool:
    return int(n) > 0 and weighted(n, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _us(n: str) -> bool:
    return n[:3] not in ("000", "666") and n[3:5] != "00" and n[5:] != "0000" and n not in ("123456789", "078051120")


def _no(n: str) -> bool:
    first = -weighted(n, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighted(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return _day_first(n) and (first, second) == (int(n[9]), int(n[10]))


def _ch(n: str) -> bool:
    return -weighted(n[:12], (1, 3) * 6) % 10 == int(n[12])


def _at(n: str) -> bool:
    return weighted(n[:3] + n[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11 == int(n[3])


NUMBERS: Final[Mapping[str, Callable[[str], bool]]] = {
    "at-svnr": _at, "au-tfn": _au, "be-nrn": _be, "br-cpf": _cpf, "br-cnpj": _cnpj, "ca-sin": luhn, "ch-ahv": _ch,
    "cn-rid": _cn, "de-idnr": _de, "dk-cpr": _day_first, "es-dni": _es, "fi-hetu": _fi, "fr-nir": _fr, "hk-hkid": _hk,
    "in-aadhaar": verhoeff, "it-cf": _it, "kr-rrn": _kr, "nl-bsn": _nl, "no-fnr": _no, "pl-pesel": _pl, "pt-nif": _pt,
    "se-pnr": _se, "sg-nric": _sg, "tr-tckn": _tr, "us-ssn": _us, "za-id": _za,
}  # fmt: skip
