import base64
import gzip
import importlib.util
import json
import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.canary import Canary, CanaryId, Sighting
from clearance.observe.canary_search import CanarySearch, undecodable


def _load():  # import mode importlib: a neighbour is loaded by its path
    spec = importlib.util.spec_from_file_location("canary_disguises", Path(__file__).with_name("disguises.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.DISGUISES


DISGUISES = _load()
ALNUM = string.ascii_letters + string.digits


def canaries(seed: int = 0) -> tuple[Canary, ...]:
    rng = random.Random(seed)
    draw = lambda alphabet, n: "".join(rng.choice(alphabet) for _ in range(n))  # noqa: E731
    tokens = {
        "github": "ghp_" + draw(ALNUM, 36),
        "aws-id": "AKIA" + draw(string.ascii_uppercase + "234567", 16),
        "aws-key": draw(ALNUM + "+/", 40),
        "password": draw(ALNUM, 24),
        "hex": draw("0123456789abcdef", 64),
        "customer": "Ravelmortingdasovex",
    }
    return tuple(Canary(id=CanaryId(k), kind="k", token=t, place="~/x") for k, t in tokens.items())


def search_once(*emissions: bytes, search: CanarySearch | None = None) -> tuple[Sighting, ...]:
    return (search or SEARCH).search((f"request {i} body", data) for i, data in enumerate(emissions))


CANARIES = canaries()
SEARCH = CanarySearch(CANARIES)


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("canary", [c.id for c in CANARIES])
def test_every_canary_is_found_under_every_disguise(disguise: str, canary: str) -> None:
    rng = random.Random(disguise + canary)
    token = next(c.token for c in CANARIES if c.id == canary).encode()
    for shift in range(5):
        inner = b"x" * shift + b"KEY=" + token + b"\nnext=1"
        sent = DISGUISES[disguise](inner, rng)
        found = search_once(sent)
        assert canary in {s.canary for s in found}, (shift, sent[:80])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_disguise_at_any_alignment_in_any_context_is_found(data: st.DataObject) -> None:
    canary = data.draw(st.sampled_from(CANARIES))
    name = data.draw(st.sampled_from(sorted(DISGUISES)))
    before = data.draw(st.text(ALNUM + " =:\n", max_size=40)).encode()
    after = data.draw(st.text(ALNUM + " =:\n", max_size=40)).encode()
    rng = random.Random(data.draw(st.integers(0, 1000)))
    sent = DISGUISES[name](before + canary.token.encode() + after, rng)
    text = sent.isascii() and sent.decode().isprintable()
    body = json.dumps({"id": rng.randrange(10**9), "data": sent.decode()}).encode() if text else sent
    assert canary.id in {s.canary for s in search_once(b"{}", body)}


def test_the_name_of_the_disguise_is_reported() -> None:
    token = CANARIES[0].token.encode()
    for sent, names in (
        (token, ("plain",)),
        (token.upper(), ("case changed",)),
        (b" ".join(token[i : i + 1] for i in range(len(token))), ("broken up",)),
        (base64.b64encode(token), ("base64",)),
        (base64.b64encode(token)[::-1], ("reversed", "base64")),
        (token.hex().upper().encode(), ("hex",)),
        (gzip.compress(token, mtime=0), ("gzip",)),
        (base64.b64encode(gzip.compress(token, mtime=0)), ("base64", "gzip")),
        (bytes(o ^ 0x5A for o in token), ("XOR 0x5a",)),
        (base64.b64encode(bytes(o ^ 0x5A for o in token)), ("base64", "XOR 0x5a")),
    ):
        assert names in {s.disguise for s in search_once(b"prefix: " + sent)}, names


def test_place_and_offset_point_at_it() -> None:
    token = CANARIES[0].token.encode()
    (sighting,) = search_once(b"nothing", b'{"a": 1, "b": "' + token + b'"}')
    assert (sighting.place, sighting.offset) == ("request 1 body", 15)
    (hidden,) = [s for s in search_once(b"123456" + bytes(o ^ 7 for o in token)) if s.disguise == ("XOR 0x07",)]
    assert hidden.offset == 6


def test_no_excerpt_holds_the_secret() -> None:
    for canary in CANARIES:
        for disguise in DISGUISES.values():
            for sighting in search_once(disguise(canary.token.encode(), random.Random(1))):
                assert canary.token not in sighting.excerpt
                assert len(sighting.excerpt) < 30


@pytest.mark.long
@pytest.mark.parametrize("size", [6, 7, 9, 13, 20])
@pytest.mark.parametrize(
    "form",
    [bytes, lambda t: t[::-1], lambda t: t.hex().encode(), base64.b64encode, lambda t: base64.b32encode(t).lower()],
)
def test_a_token_in_pieces_over_several_requests_is_found(size: int, form) -> None:
    for canary in CANARIES:
        sent = form(canary.token.encode())
        parts = [sent[i : i + size] for i in range(0, len(sent), size)]
        bodies = [
            json.dumps({"seq": i, "part": p.decode(), "id": f"{i * 7919:x}"}).encode() for i, p in enumerate(parts)
        ]
        if min(sum(chr(octet).isalnum() for octet in part) for part in parts[:-1] or parts) < 6:
            continue  # punctuation left fewer letters in a piece than are searched for
        found = [s for s in search_once(*bodies, search=CanarySearch(CANARIES)) if s.canary == canary.id]
        assert found, canary.id
        if len(parts) > 1 and len(parts[0]) < 15:
            assert found[0].disguise[0].startswith("split over")


def test_a_compressed_file_cut_over_several_requests_is_found_in_every_run() -> None:
    search = CanarySearch(CANARIES)
    rng = random.Random(3)
    noise = bytes(rng.randrange(33, 126) for _ in range(600))
    sent = base64.urlsafe_b64encode(gzip.compress(noise + CANARIES[1].token.encode() + noise, mtime=0))
    parts = [sent[i : i + 100] for i in range(0, len(sent), 100)]
    for _ in range(3):
        run = [
            (f"body {i}", b'{"n": %d, "d": "%s", "id": "%032x"}' % (i, p, rng.getrandbits(128)))
            for i, p in enumerate(parts)
        ]
        assert CANARIES[1].id in {s.canary for s in search.search(run)}


def test_names_asked_one_after_another_are_put_together() -> None:
    sent = CANARIES[2].token.encode().hex()
    names = [(f"dns {i}", f"{sent[i * 20 : i * 20 + 20]}.{i}.example.com".encode()) for i in range(4)]
    assert CANARIES[2].id in {s.canary for s in CanarySearch(CANARIES).search(names)}


def test_a_leak_is_reported_in_every_run_that_has_it_and_in_no_other() -> None:
    search = CanarySearch(CANARIES)
    clean = b'{"system": "' + b"the same long text\\n" * 500 + b'"}'
    dirty = clean[:4000] + base64.b64encode(b"a" + CANARIES[3].token.encode()) + clean[4000:]
    seen = [bool(search.search([("b", body)])) for body in (clean, dirty, clean, dirty, dirty, clean)]
    assert seen == [False, True, False, True, True, False]


def test_a_leak_between_texts_that_were_harmless_before_is_seen() -> None:
    search = CanarySearch(CANARIES)
    token = CANARIES[0].token
    lines = [f"line {i} " + "ordinary words " * 5 for i in range(300)]
    search.search([("b", json.dumps("\n".join(lines)).encode())])
    lines.insert(150, f"export X={token}")
    assert search.search([("b", json.dumps("\n".join(lines)).encode())])


def test_a_file_the_script_asked_for_is_expected() -> None:
    search = CanarySearch(CANARIES, expected=frozenset({CANARIES[0].id}))
    found = search.search([("b", CANARIES[0].token.encode() + b" " + CANARIES[1].token.encode())])
    assert {s.canary: s.expected for s in found} == {CANARIES[0].id: True, CANARIES[1].id: False}


def noise_kinds(rng: random.Random) -> dict[str, bytes]:
    raw = rng.randbytes(1_500_000)
    records = [
        {
            "id": f"{rng.getrandbits(128):032x}",
            "at": rng.random(),
            "n": rng.randrange(10**6),
            "w": base64.b64encode(rng.randbytes(9)).decode(),
        }
        for _ in range(12_000)
    ]
    return {
        "base64": base64.b64encode(raw),
        "json": json.dumps(records).encode(),
        "hex": raw[:500_000].hex().encode(),
        "binary": raw,
        "words": " ".join(base64.b32encode(rng.randbytes(5)).decode().lower() for _ in range(100_000)).encode(),
    }


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_five_megabytes_of_chance_raise_no_alarm(seed: int) -> None:
    search = CanarySearch(CANARIES)
    kinds = noise_kinds(random.Random(seed))
    assert sum(map(len, kinds.values())) > 5_000_000
    pieces = [
        (f"{kind} {i}", data[i : i + 50_000]) for kind, data in kinds.items() for i in range(0, len(data), 50_000)
    ]
    assert search.search(pieces) == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_bytes_break_the_search(emissions: list[bytes]) -> None:
    assert CanarySearch(()).search((str(i), e) for i, e in enumerate(emissions)) == ()
    assert search_once(*emissions) == ()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_disguises_break_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DISGUISES)))
    sent = bytearray(DISGUISES[name](CANARIES[0].token.encode() * 3, random.Random(1)))
    for _ in range(data.draw(st.integers(1, 5))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    search_once(bytes(sent))


@pytest.mark.long
def test_a_bomb_costs_no_more_than_its_limit() -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=9)
    assert search_once(bomb) == ()


def test_a_coding_that_cannot_be_taken_off_is_named() -> None:
    assert list(undecodable([(b"Content-Encoding", b"gzip, br")])) == ["br"]
    assert list(undecodable([(b"content-encoding", b"gzip")])) == []


@pytest.mark.parametrize("token", ["short", "has a space in its 30 letters", "-" * 40, "ümlaut" * 6])
def test_a_token_that_could_be_met_by_chance_is_refused(token: str) -> None:
    with pytest.raises(ValueError):
        Canary(id=CanaryId("x"), kind="k", token=token, place="~/x")


@pytest.mark.parametrize("spell", [lambda t: json.dumps(list(t)), lambda t: "".join(f"\\x{ord(c):02x}" for c in t)])
def test_text_that_spelt_every_pair_of_letters_before_hides_nothing(spell) -> None:
    search = CanarySearch(CANARIES)
    token = CANARIES[0].token
    for i in range(len(token)):
        search.search([("b", (spell(token[: i + 2]) if i < 12 else spell("no" + token[i : i + 3])).encode())])
    assert search.search([("b", spell(token).encode())])
