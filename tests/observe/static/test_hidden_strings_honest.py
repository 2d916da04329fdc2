"""What honest programs carry is no hidden string: certificates, pictures, hashes, tables, tokens, text of any language."""

import base64
import datetime
import gzip
import hashlib
import json
import random
import struct
import uuid
import zlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.observe.static.hidden_strings import hidden_in_text, hidden_strings
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python

ENGLISH = "The lamp stood on the table and nobody had touched it since the morning when the ship came in. "
RUSSIAN = "Лампа стояла на столе, и никто не трогал её с утра, когда пришёл корабль. "
CHINESE = "灯放在桌子上，从早上船来了以后没有人动过它。"
GERMAN = "Die Lampe stand auf dem Tisch, und niemand hatte sie berührt, seit das Schiff früh am Morgen ankam. "


def quoted(values) -> str:
    return ",".join(json.dumps(value) for value in values)


def certificate(key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lamp.example")])
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, begin, begin + datetime.timedelta(days=9))
    names = x509.SubjectAlternativeName([x509.DNSName("lamp.example"), x509.DNSName("lamp.test")])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def picture() -> bytes:
    rng = random.Random(2)
    rows = b"".join(b"\0" + rng.randbytes(96) for _ in range(32))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def wasm() -> bytes:
    return b"\0asm\1\0\0\0" + random.Random(3).randbytes(3000)


def in_script(text: str):
    return hidden_strings(lex_javascript(text.encode()), 0)


def spki(key) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def keys():
    return (
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
    )


def test_certificates_and_keys_are_material(keys) -> None:
    coded = [base64.b64encode(data).decode() for key in keys for data in (spki(key),)]
    coded += [base64.b64encode(certificate(key)).decode() for key in keys[:2]]
    assert in_script(f"x=[{quoted(coded)}];" + ";".join(f"y{at}={json.dumps(c)}" for at, c in enumerate(coded))) == ()


@pytest.mark.long
def test_armoured_keys_are_material(keys) -> None:
    armoured = [
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        for key in keys
    ]
    assert in_script("x=" + ";y=".join(f"`{text}`" for text in armoured)) == ()
    assert hidden_in_text("\n".join(armoured).encode(), 0) == ()


def test_pictures_and_machine_code_are_material() -> None:
    for data in (picture(), wasm(), gzip.compress(wasm()), zlib.compress(picture())):
        assert in_script(f'x="{base64.b64encode(data).decode()}"') == ()
        assert in_script(f"x=[{','.join(map(str, data))}]") == ()


@pytest.mark.long
def test_hashes_tokens_and_identifiers_say_nothing() -> None:
    rng = random.Random(11)
    digests = [hashlib.sha256(rng.randbytes(9)) for _ in range(40)]
    integrity = ["sha256-" + base64.b64encode(digest.digest()).decode() for digest in digests]
    ids = [str(uuid.UUID(bytes=rng.randbytes(16))) for _ in range(40)]
    hexes = [digest.hexdigest()[: rng.choice((16, 32, 40, 64))] for digest in digests]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    claims = base64.urlsafe_b64encode(b'{"sub":"lamp"}').decode().rstrip("=")
    token = ".".join((head, claims, base64.urlsafe_b64encode(rng.randbytes(32)).decode()))
    assert in_script(f"x=[{quoted(integrity)}];y=[{quoted(ids)}];z=[{quoted(hexes)}];t={token!r}") == ()
    assert hidden_in_text(json.dumps({"a": integrity, "b": ids, "c": hexes, "t": token}).encode(), 0) == ()


def test_a_source_map_in_the_open_is_no_hidden_string() -> None:
    source_map = json.dumps({"version": 3, "sources": ["lamp.ts"], "mappings": "AAAA;AACA,SAAS" * 40})
    coded = base64.b64encode(source_map.encode()).decode()
    assert in_script(f"let a=1;\n//# sourceMappingURL=data:application/json;base64,{coded}\n") == ()


def test_tables_of_numbers_say_nothing() -> None:
    rng = random.Random(13)
    tables = [
        [0, 1, 3, 7, 15, 31, 63, 127, 255] * 5,
        [rng.randrange(256) for _ in range(256)],
        sorted(rng.sample(range(65_536), 200)),
        [at * at % 251 for at in range(300)],
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103],
    ]
    rows = [[rng.randrange(9) for _ in range(6)] for _ in range(40)]
    assert in_script(";".join(f"t{at}={table}" for at, table in enumerate([*tables, rows]))) == ()


MINIFIED = """var e=t(421),n={};function r(e,t){return e.length>t?e.slice(0,t)+"...":e}class i extends n.Base{constructor(e){
super(e),this.opts=Object.assign({},{retries:3,backoff:1e3},e)}async run(e){for(let t=0;t<this.opts.retries;t++)try{
return await this.send(e)}catch(n){if(t===this.opts.retries-1)throw n;await new Promise(e=>setTimeout(e,this.opts.backoff))}}}
var s=/^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+)$/i,o="0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const a="\\\\b(0[xX][0-9a-fA-F](_?[0-9a-fA-F])*n?|0[oO][0-7]+)\\\\b",c="\\x1b[?1049h\\x1b[?25l\\x1b[2J\\x1b[H";
e.exports={MAX_SAFE_COMPONENT_LENGTH:16,ERR_INVALID_ARG_TYPE:"ERR_INVALID_ARG_TYPE",ECONNRESET:"ECONNRESET"};"""


def test_minified_code_its_patterns_and_constants_say_nothing() -> None:
    names = ["ERR_" + "_".join(pair) for pair in zip("LAMP TABLE SHIP".split(), "OPEN SHUT LOST".split(), strict=True)]
    assert (
        in_script(MINIFIED + f"f([{quoted(names)}]);kill('SIGTERM');kill('SIGKILL');kill('SIGINT');kill('SIGHUP')")
        == ()
    )


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, CHINESE, GERMAN])
def test_prose_is_written_as_it_is_meant(text: str) -> None:
    assert in_script(f"x={json.dumps(text, ensure_ascii=False)};y={json.dumps(text)}") == ()
    assert hidden_in_text((text * 30).encode(), 0) == ()


def test_translations_and_alphabets_say_nothing() -> None:
    alphabets = ["".join(map(chr, range(begin, begin + 60))) for begin in (0x410, 0x3B1, 0x5D0, 0x1780, 0xA000, 0xAC00)]
    words = {
        "save": "Enregistrer sous…",
        "über": "Größe ändern",
        "ok": "Übernehmen",
        "ja": "保存する",
        "ko": "저장하기",
    }
    spinner = list("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
    source = f"a=[{quoted(alphabets)}];b={json.dumps(words)};c={json.dumps(spinner)}"
    assert in_script(source) == ()
    assert in_script(f"a={json.dumps(alphabets, ensure_ascii=False)};c={json.dumps(spinner, ensure_ascii=False)}") == ()


def test_text_that_only_a_coding_hides_has_no_key() -> None:
    for text in (
        '{"name":"lamp","on":true,"size":[1,2,3],"note":"on the table"}',
        "<html><body>lamp</body></html>",
        ENGLISH,
    ):
        found = in_script(f'x="{base64.b64encode(text.encode()).decode()}"')
        assert [hidden.layers for hidden in found] == [("base64",)]
        assert not found[0].keyed


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(st.lists(st.binary(min_size=15, max_size=60), min_size=1, max_size=6))
def test_random_bytes_are_nothing(blobs: list[bytes]) -> None:
    coded = [base64.b64encode(blob).decode() for blob in blobs if len(set(blob)) > 12]
    assert [h for h in in_script(f"x=[{quoted(coded)}]") if h.keyed] == []


def test_python_of_the_library_says_nothing() -> None:
    for module in (base64, datetime, hashlib, json, random, uuid):
        with open(module.__file__, "rb") as file:
            assert [h for h in hidden_strings(lex_python(file.read()), 0) if h.keyed] == []
