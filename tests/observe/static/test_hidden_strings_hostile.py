"""No bytes make the search raise, hang, or grow: bombs, floods, nests, cut literals."""

import base64
import gzip
import random
import time
import zlib

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.observe.static.hidden_strings import MOST, hidden_in_text, hidden_strings
from clearance.observe.static.hidden_strings.codings import decoded
from clearance.observe.static.hidden_strings.reading import read
from clearance.observe.static.hidden_strings.streams import opened
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python

_SIGNS = st.sampled_from(
    [
        b'"',
        b"'",
        b"`",
        b"\\x",
        b"\\u00",
        b"\\",
        b"%",
        b"&#",
        b";",
        b"[",
        b"]",
        b",",
        b"1,",
        b"0x",
        b"chr(9)+",
        b"=",
        b"+",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(_SIGNS, st.binary(max_size=40)), max_size=60).map(b"".join))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    hidden_strings(lex_javascript(data), 0)
    hidden_strings(lex_python(data), 0)
    hidden_in_text(data, 0)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=20, max_size=400))
def test_no_coding_stream_or_reading_raises(data: bytes) -> None:
    for text in (data, base64.b64encode(data), base64.b85encode(data), data.hex().encode()):
        list(decoded(text))
        list(opened(text))
        read(text)


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=20, max_size=300), st.data())
def test_cut_and_damaged_literals_never_raise(blob: bytes, choices: st.DataObject) -> None:
    coded = bytearray(base64.b64encode(gzip.compress(blob)))
    at = choices.draw(st.integers(0, len(coded) - 1))
    coded[at] = choices.draw(st.integers(32, 126))
    hidden_in_text(b'x = "' + bytes(coded[: choices.draw(st.integers(1, len(coded)))]), 0)


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, brotli.compress])
def test_bombs_are_cut(pack) -> None:
    bomb = base64.b64encode(pack(b"abcdefgh" * 4_000_000))
    begun = time.perf_counter()
    hidden_in_text(b'x="' + bomb + b'"', 0)
    assert time.perf_counter() - begun < 8


def test_a_bomb_of_text_is_read_in_part() -> None:
    text = b"The lamp stood on the table and nobody had touched it since the morning when the ship came. " * 90_000
    found = hidden_in_text(b'x="' + base64.b64encode(zlib.compress(text)) + b'"', 0)
    assert all(len(hidden.text) <= 16 << 10 and hidden.size <= 4 << 20 for hidden in found)


@pytest.mark.long
@pytest.mark.parametrize(
    "flood",
    [
        b"[" * 300_000,
        b'"' + b"A" * 3_000_000 + b'"',
        b"1," * 500_000,
        b'"%41' + b"%41" * 300_000 + b'"',
        b'"\\x41' + b"\\x41" * 300_000 + b'"',
        b'"&#65;' + b"&#65;" * 200_000 + b'"',
        b'"a"+' * 200_000,
        b'"ab",' * 200_000,
        b"String.fromCharCode(65)+" * 50_000,
        b'"' + base64.b64encode(b"[" * 500_000) + b'"',
        b"ssh-rsa AAAA" * 50_000,
    ],
)
def test_floods_take_time_in_their_size(flood: bytes) -> None:
    begun = time.perf_counter()
    hidden_strings(lex_javascript(flood), 0)
    assert time.perf_counter() - begun < 8


@pytest.mark.long
def test_many_odd_literals_are_looked_at_in_part_and_what_comes_first_is_found() -> None:
    rng = random.Random(1)
    hosts = "kovas.com,lorten.org,marpen.io,silgan.net,vasdul.cn"
    first = base64.b64encode(bytes(octet ^ 0x5A for octet in hosts.encode()))
    flood = b";".join(b'x%d="%s"' % (at, base64.b64encode(rng.randbytes(21))) for at in range(600))
    found = hidden_strings(lex_javascript(b'a="' + first + b'";' + flood), 0)
    assert hosts in [hidden.text for hidden in found]


@pytest.mark.long
def test_the_report_of_one_member_is_bounded() -> None:
    rng = random.Random(6)
    lamps = ["".join(rng.choices("abdeiklmnoprst", k=7)) for _ in range(900)]
    source = b";".join(
        b"v%d=f(%d,'%s')" % (at, at, base64.b64encode(f"The {lamp} of number {at} stood on the table".encode()))
        for at, lamp in enumerate(lamps)
    )
    assert 0 < len(hidden_strings(lex_javascript(source), 0)) <= MOST
