"""The judge tells what there is and where, and never the secret itself."""

import itertools
import random
import string
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.detect.patterns.second import Re2Engine
from clearance.detect.secrets import MOST_HITS, SecretJudge, masked, providers, readers
from clearance.detect.secrets import judge as module
from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.model.threat import SpanChannel, ThreatKind

CHANNEL = SpanChannel.FILE_RESULT
BASE62 = string.digits + string.ascii_letters


def drawn(size: int, seed: object = 1) -> str:
    return "".join(random.Random(str(seed)).choices(BASE62, k=size))


def hit(findings: tuple[Finding, ...]) -> Hit:
    (only,) = findings
    assert isinstance(only, Hit)
    return only


def test_a_hit_says_where_in_bytes_and_shows_four_characters_at_most(judge: SecretJudge) -> None:
    token = "glpat-" + drawn(20)
    found = hit(judge.judge(f"é = {token}\n".encode(), CHANNEL))
    assert found.span is not None
    assert (found.span.threat, found.span.channel) == (ThreatKind.SECRET, CHANNEL)
    assert (found.span.start, found.span.end) == (5, 5 + len(token))
    assert found.because[0].staged == "glpa… (26 bytes)"


@given(st.integers(0, 10**9), st.sampled_from(["glpat-", "password: ", "sk_live_", "hvs."]))
def test_nothing_of_the_secret_is_in_any_field(judge: SecretJudge, seed: int, prefix: str) -> None:
    secret = drawn(95 if prefix == "hvs." else 20 if prefix == "glpat-" else 24, seed)
    findings = judge.judge(f"x = {prefix}{secret} ".encode(), CHANNEL)
    written = msgspec.json.encode(findings).decode() + repr(findings)
    # Not even a run of eight of its characters (five stand in the words around it by chance); four may be shown.
    inside = secret[4:]
    assert not [inside[i : i + 8] for i in range(len(inside) - 7) if inside[i : i + 8] in written]


@given(st.binary(max_size=200))
def test_a_mask_shows_four_characters_or_a_sixth(value: bytes) -> None:
    shown = masked(value).partition("…")[0]
    assert len(shown) <= min(4, len(value) // 6)
    assert str(len(value)) in masked(value)


def test_equal_secrets_have_equal_digests_under_one_key_and_others_under_another(judge: SecretJudge) -> None:
    other = SecretJudge(b"the key of somewhere else", engine=judge.engine)
    assert judge.digest(b"1234") == judge.digest(b"1234") != judge.digest(b"1235")
    assert judge.digest(b"1234") != other.digest(b"1234")


def test_a_key_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        SecretJudge(b"short")


def test_nothing_found_is_clear(judge: SecretJudge) -> None:
    (only,) = judge.judge(b"def token(self): return self.password", CHANNEL)
    assert isinstance(only, Clear)


@pytest.mark.parametrize(
    "line",
    [
        "token = {x}", "api_key = 'your-api-key-here-1234'", "password: ${{ secrets.PASSWORD_1 }}", "SECRET_KEY=$SECRET_KEY_2024",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token: xxxxxxxx1xxxxxxxxxxxxxxxxxxxx",
        "public_key = '9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit'", "password = os.environ['DB_PASSWORD_1']",
        '"integrity": "sha512-9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWitQwE7aZ0xK8dLm1PzXcVbNhGfTyRuIoP0aSdFgHjKlZ=="',
        "next_token: 'gPFEGk7CF4wS901w7ppYclt7'", "const validKeyChars = '0123456789abcdefghijklmnopqrstuvwxyz'",
        "commit: 43fc912ef59a83054ea7f6706df4d53a7dea4d80", "key_id = 'dafa7817-e246-48f3-91a7-e87653d587b8'",
        "  KdcAdminPassword: XmlStringMaxLen256;", "tokenizer = GPT2TokenizerFast.load1", "author = 'jane.1234567@somewhere.org'",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    ],
)  # fmt: skip
def test_what_only_stands_for_a_secret_or_is_none_is_left_alone(judge: SecretJudge, line: str) -> None:
    assert judge.find(line.encode()) == ()


def test_too_many_hits_and_too_many_places_are_gaps(judge: SecretJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"glpat-{drawn(20, i)}" for i in range(MOST_HITS + 5)).encode()
    findings = judge.judge(text, CHANNEL)
    assert sum(isinstance(f, Hit) for f in findings) == MOST_HITS
    (gap,) = [f for f in findings if isinstance(f, Gap)]
    assert gap.blocks_verdict
    monkeypatch.setattr(module, "MOST_MATCHES", 10)
    assert [f for f in judge.judge(text, CHANNEL) if isinstance(f, Gap) and "from byte" in f.message]


@given(st.binary(max_size=600))
def test_no_bytes_break_it(judge: SecretJudge, data: bytes) -> None:
    assert judge.judge(data, CHANNEL)


@given(
    st.lists(
        st.sampled_from(
            ["token=", "ghp_", "eyJ", ".", "-----BEGIN PRIVATE KEY-----", "-----END", "\n", "kind: Secret\n", "data:\n  a: ", "AKIA",
             "curl -u ", ":", '"', "4111 ", "DE89", "://", "@", "A" * 40, "a1B2c3D4e5F6", "\\n", "Authorization: Basic ", "é", "="]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_pieces_of_secrets_in_any_order_break_nothing_and_both_engines_agree(
    judge: SecretJudge, second: SecretJudge, pieces: list[str]
) -> None:
    data = "".join(pieces).encode()
    found = judge.find(data)
    assert found == second.find(data)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= s.start < s.end <= len(data) for s in found)


@pytest.fixture(scope="module")
def second() -> SecretJudge:
    return SecretJudge(b"a key of the tests only", engine=Re2Engine([r.row for r in readers()]))


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [b"token=", b"a", b"1", b"=", b"password: a1B2c3D4", b"curl -u a:", b"kind: secret\n", b"data:\n  a: AAAAAAAAAAAA\n", b"eyJ",
     b"-----BEGIN PRIVATE KEY-----\n", b"A: b\n-----BEGIN PRIVATE KEY-----", b"Authorization: Basic ", b"://a:b", b"ssn: 1-", b"4 4-",
     b"AA00 ", b"\\n", b'"', b"x-a-key:", *(f.keywords[0].encode() for p in providers()[:8] for f in p.formats if f.keywords)],
)  # fmt: skip
def test_half_a_megabyte_of_any_beginning_is_read_within_seconds(judge: SecretJudge, piece: bytes) -> None:
    began = time.process_time()
    judge.judge(piece * (500_000 // len(piece)), CHANNEL)
    assert time.process_time() - began < 8
