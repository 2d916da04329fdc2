"""Numbers of payment cards (Luhn, issuer, grouping) and bank accounts (IBAN: country, length, check digits)."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.checkdigits import luhn
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.model.finding import Confidence, Severity

_CARD: Final = PatternRow(id="payment-card", expression=r"[2-6](?:[ -]?[0-9]){12}")
_IBAN: Final = PatternRow(id="iban", expression=r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2}")
_MORE: Final = re.compile(rb"(?:[ -]?[0-9]){1,6}")
_AROUND: Final = 100
_WORDS: Final = re.compile(
    rb"(?i)\b(?:credit|debit|card|visa|master ?card|amex|american express|maestro|payment|pan|cc|ccn|cvv|cvc|"
    rb"kreditkarte|carte|tarjeta|carta|kaart|kort)\b|card_?n|card_?num|cc_?num"
)
_GROUPS: Final = re.compile(rb"\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?\Z|\d{4}([ -])\d{6}\2\d{4,5}\Z")
_ISSUERS: Final = (
    ("Visa", re.compile(r"4(?:\d{12}|\d{15}|\d{18})\Z")),
    ("Mastercard", re.compile(r"(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}\Z")),
    ("American Express", re.compile(r"3[47]\d{13}\Z")),
    ("Discover", re.compile(r"(?:6011|64[4-9]\d|65\d\d)\d{12}\Z")),
    ("JCB", re.compile(r"35(?:2[89]|[3-8]\d)\d{12}\Z")),
    ("Diners Club", re.compile(r"3(?:0[0-5]|[68]\d)\d{11}\Z")),
    ("UnionPay", re.compile(r"62\d{14,17}\Z")),
)
LENGTHS: Final[Mapping[str, int]] = {
    key: int(size)
    for key, size in (
        pair.split(":")
        for pair in """
        AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22
        DJ:27 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FK:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21
        HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27
        MD:24 ME:22 MK:19 MN:20 MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24
        RS:22 RU:33 SA:24 SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22
        VG:24 XK:20""".split()
    )
}
"""Characters of an IBAN by country (SWIFT's registry)."""


def payment_readers() -> Iterator[Reader]:
    """Readers of cards and accounts."""
    yield Reader(row=_CARD, read=_read_card)
    yield Reader(row=_IBAN, read=_read_iban)


def issuer(number: str) -> str:
    """Who issues a card of these digits, by the first ones and the length; empty for nobody."""
    if len(set(number)) < 4 or not luhn(number):
        return ""
    return next((name for name, shape in _ISSUERS if shape.match(number)), "")


def is_iban(number: str) -> bool:
    """Length of its country, and 1 modulo 97 with the first four characters moved behind (ISO 13616)."""
    if LENGTHS.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def _read_card(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    more = _MORE.match(text, end)
    end = more.end() if more else end
    shown = text[start:end]
    number = shown.translate(None, b" -").decode()
    name = issuer(number) if _apart(text, start, end) else ""
    told = _GROUPS.match(shown) or (shown.isdigit() and _WORDS.search(text, max(0, start - _AROUND), start))
    if name and told:
        yield _seen("payment-card", name, "payment card number", start, end)


def _read_iban(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    size, letters, at = LENGTHS.get(text[start : start + 2].decode(), 0), 0, start
    while at < min(len(text), end + 32) and letters < size:
        letters += text[at] != 32
        at += 1
    number = text[start:at].translate(None, b" ").decode("ascii", "replace")
    if number.isascii() and number.isalnum() and _apart(text, start, at) and len(set(number)) > 5 and is_iban(number):
        yield _seen("iban", "", "bank account number (IBAN)", start, at)


def _apart(text: bytes, start: int, end: int) -> bool:
    """Whether it is no part of a longer number, word or path."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or (before and before in b"._-/+%=") or (after and after in b"_/+%"):
        return False
    return not (after == b"-" and text[end + 1 : end + 2].isalnum())


def _seen(row: str, provider: str, what: str, start: int, end: int) -> SeenSecret:
    return SeenSecret(
        id=row, provider=provider, what=what, start=start, end=end,
        severity=Severity.MEDIUM, confidence=Confidence.HIGH, rank=5,
    )  # fmt: skip
