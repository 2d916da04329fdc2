"""What is built into a token is verified: check digits, encodings, neighbours."""

import base64
import json
import random
import string

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from clearance.detect.secrets import SecretJudge, SeenSecret
from clearance.detect.secrets.structure import base62_checksum
from clearance.model.finding import Confidence, Severity

BASE62 = string.digits + string.ascii_letters


def one(judge: SecretJudge, text: bytes) -> SeenSecret:
    (secret,) = judge.find(text)
    return secret


def url64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def body(size: int, seed: int = 1) -> bytes:
    return "".join(random.Random(seed).choices(BASE62, k=size)).encode()


@pytest.mark.parametrize("prefix", [b"ghp_", b"gho_", b"ghs_", b"npm_"])
def test_a_right_checksum_makes_it_sure_and_a_wrong_one_doubtful(judge: SecretJudge, prefix: bytes) -> None:
    drawn = body(30)
    whole = prefix + drawn + base62_checksum(drawn)
    assert one(judge, whole).confidence is Confidence.HIGH
    assert one(judge, whole).severity is Severity.CRITICAL
    other = bytes([whole[-1] ^ 1]) if chr(whole[-1] ^ 1) in BASE62 else b"a"
    wrong = one(judge, whole[:-1] + other)
    assert (wrong.confidence, wrong.severity) == (Confidence.LOW, Severity.LOW)


def test_a_macaroon_is_read_to_its_signature(judge: SecretJudge) -> None:
    packets = b"\x02\x01\x08pypi.org\x02\x24" + body(36) + b"\x00\x02\x05[1,2]\x00\x00\x06\x20" + bytes(range(32))
    assert one(judge, b"pypi-" + url64(packets)).confidence is Confidence.HIGH
    assert one(judge, b"pypi-" + url64(packets[:-3])).confidence is Confidence.LOW


def test_the_account_in_an_access_key_has_twelve_digits(judge: SecretJudge) -> None:
    def key(account: int) -> bytes:
        return b"AKIA" + base64.b32encode((account << 7).to_bytes(6, "big") + b"\x9c\x31\xe7\x52")[:16]

    assert one(judge, b"x = " + key(483_920_174_625)).confidence is Confidence.MEDIUM
    assert one(judge, b"x = " + key(1_070_000_000_000)).confidence is Confidence.LOW


def test_a_web_token_is_one_if_its_header_says_so(judge: SecretJudge) -> None:
    header, claims = ({"alg": "HS256", "typ": "JWT"}, {"sub": "somebody", "exp": 1})
    parts = [url64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    token = b".".join((*parts, url64(body(32))))
    assert one(judge, b"Cookie: t=" + token).id == "jwt"
    assert one(judge, b"v " + base64.b64encode(token)).id == "jwt"
    unsigned = one(judge, b"v " + b".".join((*parts, b"")))
    assert unsigned.severity is Severity.LOW
    bare = url64(json.dumps({"some": "header", "of": "something"}, separators=(",", ":")).encode())
    assert judge.find(b"v " + b".".join((bare, parts[1], url64(body(32))))) == ()


def private_pem(password: bytes = b"") -> bytes:
    sealed = BestAvailableEncryption(password) if password else NoEncryption()
    return ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


def test_private_keys_are_found_whole_and_public_ones_are_none(judge: SecretJudge) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    kinds = (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH)
    for pem in (private_pem(), *(key.private_bytes(Encoding.PEM, kind, NoEncryption()) for kind in kinds)):
        found = one(judge, b"a\n" + pem)
        assert (found.id, found.confidence, found.severity) == ("private-key", Confidence.HIGH, Severity.CRITICAL)
        assert found.start == 2
        assert one(judge, json.dumps({"key": pem.decode()}).encode()).id == "private-key"
    public = key.public_key()
    for kind in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1):
        assert judge.find(public.public_bytes(Encoding.PEM, kind)) == ()
    assert judge.find(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)) == ()


def test_a_private_key_under_a_password_matters_less(judge: SecretJudge) -> None:
    assert one(judge, private_pem(b"a password")).severity is Severity.MEDIUM


def test_the_words_around_a_key_alone_are_none(judge: SecretJudge) -> None:
    begin, end = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    for middle in ("...", "\n<your key>\n", "\n" + "MIIB" * 3 + "\n...\n"):
        assert judge.find(f"{begin}{middle}{end}".encode()) == ()


def test_an_escape_before_a_token_is_no_part_of_it(judge: SecretJudge) -> None:
    token = b"glpat-" + body(20)
    for before in (b'"a\\n', b"?t%3D", b"(", b"=", b"\xff"):
        assert [s.id for s in judge.find(before + token + b'"')] == ["gitlab-personal-token"]
    assert judge.find(b"abc" + token) == ()
    assert judge.find(token + b"Zz9") == ()


def test_a_manifest_gives_the_values_of_its_secret(judge: SecretJudge) -> None:
    value = base64.b64encode(b"correct horse")
    manifest = b"apiVersion: v1\nkind: %s\ndata:\n  one: " + value + b"\n  two: " + value + b"\n"
    secret = manifest % b"Secret"
    assert [secret[s.start : s.end] for s in judge.find(secret)] == [value, value]
    assert judge.find(manifest % b"ExternalSecret") == ()
    assert judge.find(b"kind: Secret\n---\ndata:\n  one: " + value + b"\n") == ()


def test_a_password_in_a_url_is_one_unless_it_is_a_stand_in(judge: SecretJudge) -> None:
    drawn = body(18).decode()
    assert one(judge, f"DB=postgres://app:{drawn}@db.internal:5432/x".encode()).id == "url-password"
    for password in ("password", "${PGPASSWORD}", "secret", "changeme123", "postgres"):
        assert judge.find(f"DB=postgres://app:{password}@db.internal:5432/x".encode()) == ()


def test_of_two_readings_of_one_place_the_more_telling_is_told(judge: SecretJudge) -> None:
    drawn = body(30)
    text = b'github_token = "ghp_' + drawn + base62_checksum(drawn) + b'"'
    assert one(judge, text).provider == "GitHub"
