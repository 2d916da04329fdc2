"""What is written down under codings, streams and keys is found, whatever they are and however they are nested."""

import base64
import importlib.util
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.contents import HiddenString, Hiding
from clearance.observe.static.hidden_strings import hidden_in_text, hidden_strings
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python


def _load():  # import mode importlib: a neighbour is loaded by its path
    spec = importlib.util.spec_from_file_location("static_ciphers", Path(__file__).with_name("ciphers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ciphers = _load()
HOSTS = ciphers.names(random.Random(4), 12)
PAYLOADS = {
    "hosts": (",".join(HOSTS[:5]), Hiding.HOSTS),
    "hosts in lines": ("\n".join(HOSTS), Hiding.HOSTS),
    "hosts in JSON": (json.dumps(HOSTS[:6]), Hiding.HOSTS),
    "zones": ("|".join(ciphers.ZONES[:4]), Hiding.TIME_ZONES),
    "words": (",".join(ciphers.WORDS[:9]), Hiding.WORDS),
    "text": ("If the visitor comes from the other side, add a quiet mark and send it home at once.", Hiding.TEXT),
    "code": ('const h=require("os").hostname();if(h.includes("lark")){process.exit(1);}', Hiding.CODE),
    "paths": (
        "/etc/lark.conf,~/.ssh/wren_key,/var/lib/finch/db,/opt/heron/bin/run,~/.config/swift/settings.json",
        Hiding.PATHS,
    ),
}
BEYOND = {
    "Russian": ("Если гость пришёл с другой стороны, добавь тихий знак к письму и отправь его домой.", Hiding.TEXT),
    "Chinese": ("如果客人来自那个地方，请在文字里加上一个看不见的记号，然后发送回来。", Hiding.TEXT),
    "Chinese words": ("春天,夏天,秋天,冬天,早上,中午,下午,晚上,今年,明年", Hiding.WORDS),
    "Arabic": ("إذا جاء الضيف من هذا المكان فأضف علامة صغيرة إلى النص ثم أرسله", Hiding.TEXT),
}


def in_script(written: str) -> tuple[HiddenString, ...]:
    return hidden_strings(
        lex_javascript(f'var a=1;const q=decode({written},"utf8");\nfunction f(b){{return b}}'.encode()), 0
    )


def squeezed(text: str) -> str:
    return "".join(text.split())


def says(found: tuple[HiddenString, ...], payload: str, kind: Hiding) -> bool:
    return any(hidden.kind is kind and squeezed(payload) in squeezed(hidden.text) for hidden in found)


@pytest.mark.parametrize("coding", ciphers.TEXTS)
@pytest.mark.parametrize("name", ["hosts", "zones", "text", "code", "Chinese words"])
def test_a_coded_value_is_found(coding: str, name: str) -> None:
    payload, kind = (PAYLOADS | BEYOND)[name]
    assert says(in_script(ciphers.literal(ciphers.TEXTS[coding](payload.encode()))), payload, kind)


@pytest.mark.parametrize("stream", ciphers.STREAMS)
@pytest.mark.parametrize("coding", ["base64", "hex", "ascii85"])
def test_a_compressed_value_is_found(stream: str, coding: str) -> None:
    payload, kind = PAYLOADS["hosts in lines"]
    coded = ciphers.TEXTS[coding](ciphers.STREAMS[stream](payload.encode()))
    found = in_script(ciphers.literal(coded))
    assert says(found, payload, kind)
    assert found[0].layers == (coding, stream)


@pytest.mark.parametrize("key", ciphers.KEYS)
@pytest.mark.parametrize("name", ["hosts in lines", "hosts in JSON", "words", "text", "code", "paths"])
def test_a_value_under_a_key_is_found(key: str, name: str) -> None:
    payload, kind = PAYLOADS[name]
    found = in_script(ciphers.literal(base64.b64encode(ciphers.KEYS[key](payload.encode()))))
    assert says(found, payload, kind)
    assert all(hidden.keyed for hidden in found)


@pytest.mark.parametrize("key", ["xor", "xor low", "xor all", "rolled"])
@pytest.mark.parametrize("name", BEYOND)
def test_other_scripts_are_found_under_a_key_too(key: str, name: str) -> None:
    payload, kind = BEYOND[name]
    assert says(in_script(ciphers.literal(base64.b64encode(ciphers.KEYS[key](payload.encode())))), payload, kind)


@pytest.mark.long
def test_nearly_any_one_byte_key_on_five_hosts_is_found() -> None:
    """Two in five hundred are not: short names under country labels are as likely to come out by chance."""
    pick, found = random.Random(3), 0
    for _ in range(60):
        hosts, key = ciphers.names(pick, 5), pick.randint(1, 255)
        change = ciphers.add(key) if pick.random() < 0.5 else ciphers.xor(bytes((key,)))
        hidden = in_script(ciphers.literal(base64.b64encode(change(",".join(hosts).encode()))))
        found += any(each.kind is Hiding.HOSTS and set(hosts) <= set(each.items) for each in hidden)
    assert found >= 58


@pytest.mark.long
@settings(max_examples=8, deadline=None)
@given(key=st.lists(st.integers(16, 255), min_size=2, max_size=6).map(bytes), seed=st.integers(0, 10_000))
def test_short_repeating_keys_on_twelve_hosts_are_found(key: bytes, seed: int) -> None:
    payload = ",".join(ciphers.names(random.Random(seed), 12))
    assert says(in_script(ciphers.literal(base64.b64encode(ciphers.xor(key)(payload.encode())))), payload, Hiding.HOSTS)


@pytest.mark.parametrize("length", [8, 12, 16])
def test_a_long_key_is_found_where_there_is_text_enough(length: int) -> None:
    rng = random.Random(length)
    payload = "\n".join(ciphers.names(rng, 2 * length))
    assert says(
        in_script(ciphers.literal(base64.b64encode(ciphers.xor(rng.randbytes(length))(payload.encode())))),
        payload,
        Hiding.HOSTS,
    )


NESTS = [
    *itertools.permutations(("xor", "gzip"), 2),
    *itertools.permutations(("xor", "zlib"), 2),
    *itertools.permutations(("add", "gzip"), 2),
    ("xor", "deflate"),
    ("xor", "brotli"),
    ("brotli", "xor"),
    ("zstd", "zlib"),
    ("xor", "zstd"),
    ("xor 5", "gzip"),
    ("gzip", "zlib"),
]


@pytest.mark.parametrize("nest", NESTS, ids=str)
def test_nested_streams_and_keys_are_found(nest: tuple[str, str]) -> None:
    payload, kind = PAYLOADS["hosts in lines"]
    data = payload.encode()
    for name in nest:
        data = (ciphers.KEYS | ciphers.STREAMS)[name](data)
    assert says(in_script(ciphers.literal(base64.b64encode(data))), payload, kind)


@pytest.mark.parametrize(
    "nest",
    [
        ("base64", "base64"),
        ("base64", "base64", "base64"),
        ("hex", "base64"),
        ("xor", "base64", "hex"),
        ("gzip", "base64", "xor", "base64"),
        ("base64", "gzip", "base32"),
    ],
    ids=str,
)
def test_codings_in_codings_are_found_four_deep(nest: tuple[str, ...]) -> None:
    payload, kind = PAYLOADS["zones"]
    data = payload.encode()
    for name in nest:
        data = (ciphers.KEYS | ciphers.STREAMS | ciphers.TEXTS)[name](data)
    assert says(in_script(ciphers.literal(data)), payload, kind)


@pytest.mark.parametrize("name", ["hosts in lines", "hosts in JSON", "zones", "words", "text"])
@pytest.mark.parametrize("number", [1, 7, 13, 25])
def test_letters_that_were_turned_are_found(name: str, number: int) -> None:
    payload, kind = PAYLOADS[name]
    found = in_script(ciphers.literal(ciphers.caesar(number)(payload.encode())))
    assert says(found, payload, kind)
    assert found[0].layers == (f"shift {number} (letters)",)


def test_a_mirrored_alphabet_is_found() -> None:
    payload, kind = PAYLOADS["text"]
    assert says(in_script(ciphers.literal(ciphers.atbash(payload.encode()))), payload, kind)


@pytest.mark.parametrize("name", ["hosts", "hosts in lines", "zones", "text"])
def test_text_from_its_end_is_found(name: str) -> None:
    payload, kind = PAYLOADS[name]
    found = in_script(ciphers.literal(payload.encode()[::-1]))
    assert says(found, payload, kind)
    assert found[0].layers == ("reversed",)


def test_letters_written_as_escapes_are_found_and_escapes_of_other_scripts_are_ordinary() -> None:
    payload, kind = PAYLOADS["hosts"]
    written = '"' + "".join(f"\\x{octet:02x}" for octet in payload.encode()) + '"'
    found = in_script(written)
    assert says(found, payload, kind)
    assert found[0].layers == ("escapes",)
    assert not in_script('"' + "".join(f"\\u{ord(char):04x}" for char in BEYOND["Chinese"][0]) + '"')


def test_an_alphabet_that_the_script_brings_along_is_used() -> None:
    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    own = "".join(random.Random(8).sample(standard, 64))
    payload, kind = PAYLOADS["hosts"]
    coded = base64.b64encode(payload.encode()).decode().rstrip("=").translate(str.maketrans(standard, own))
    data = f'const A="{own}";\nconst q=d("{coded}",A);'.encode()
    assert says(hidden_strings(lex_javascript(data), 0), payload, kind)


@pytest.mark.parametrize("cipher", ["xor", "rc4"])
def test_a_key_that_is_written_nearby_is_used_however_long_it_is(cipher: str) -> None:
    key = "a-long-key-of-someone-who-cares-about-length"
    payload, kind = PAYLOADS["words"]
    data = (ciphers.xor if cipher == "xor" else ciphers.rc4)(key.encode())(payload.encode())
    source = f'const K="{key}",N=256;function r(a){{return a%256}}\nconst q=x("{base64.b64encode(data).decode()}",K);'
    found = hidden_strings(lex_javascript(source.encode()), 0)
    assert says(found, payload, kind)
    assert found[0].layers[-1].startswith(cipher)


def test_a_string_array_with_a_key_at_each_call_is_found() -> None:
    rng = random.Random(5)
    items = [*HOSTS[:6], "navigator.language", "toLowerCase", "preferences", "checkRegion", "application", "setRequest"]
    keys = ["".join(rng.choices("abcXYZ789#@$", k=4)) for _ in items]
    swapped = [
        base64.b64encode(ciphers.rc4(key.encode())(item.encode()).decode("latin-1").encode()).swapcase().decode()
        for item, key in zip(items, keys, strict=True)
    ]
    calls = ";".join(f"r(0x{at:x},'{key}')" for at, key in enumerate(keys))
    source = f"var t=[{','.join(map(json.dumps, swapped))}];{calls};"
    found = hidden_strings(lex_javascript(source.encode()), 0)
    assert any(set(HOSTS[:6]) <= set(hidden.items) for hidden in found if hidden.kind is Hiding.HOSTS)


# where values are written ---------------------------------------------------------------------------------------------


def _python_bytes(data: bytes) -> str:
    return "b" + ciphers.escaped(data)


CONTAINERS = {
    "list of numbers": lambda data: f"const q=[{','.join(map(str, data))}].map(g);",
    "list of hex numbers": lambda data: f"const q=new Uint8Array([{', '.join(map(hex, data))}]);",
    "escapes": lambda data: f"const q=x({ciphers.escaped(data)});",
    "wide escapes": lambda data: 'const q="' + "".join(f"\\u{octet:04x}" for octet in data) + '";',
    "char codes": lambda data: f"var s=String.fromCharCode({','.join(map(str, data))});",
    "code points of another script": lambda data: 'const q=d("' + "".join(chr(0x4E00 + o) for o in data) + '");',
    "pieces": lambda data: (
        "const q="
        + "+".join(json.dumps(base64.b64encode(data).decode()[at : at + 17]) for at in range(0, len(data) * 2, 17))
        + ";"
    ),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("key", ["xor", "add", "xor 3"])
def test_values_are_found_wherever_a_script_can_hold_them(container: str, key: str) -> None:
    payload, kind = PAYLOADS["hosts in lines"]
    source = CONTAINERS[container](ciphers.KEYS[key](payload.encode()))
    assert says(hidden_strings(lex_javascript(source.encode()), 0), payload, kind)


@pytest.mark.parametrize(
    "change", [lambda octet: octet * 3 + 1000, lambda octet: octet ^ 0x12C, lambda octet: octet - 90]
)
def test_numbers_that_are_more_than_bytes_are_found(change) -> None:
    payload, kind = PAYLOADS["hosts in lines"]
    source = f"const q=[{','.join(str(change(octet)) for octet in payload.encode())}];"
    assert says(hidden_strings(lex_javascript(source.encode()), 0), payload, kind)


@pytest.mark.parametrize(
    "written",
    [
        lambda data: f"X = {_python_bytes(data)}\n",
        lambda data: f"X = bytes([{', '.join(map(str, data))}])\n",
        lambda data: "X = " + " + ".join(f"chr({octet})" for octet in data) + "\n",
        lambda data: f"X = ({chr(10).join(json.dumps(p) for p in _cut(base64.b64encode(data).decode()))})\n",
    ],
)
def test_values_are_found_in_python(written) -> None:
    payload, kind = PAYLOADS["hosts"]
    source = written(ciphers.KEYS["xor"](payload.encode()))
    assert says(hidden_strings(lex_python(source.encode()), 0), payload, kind)


def _cut(text: str) -> list[str]:
    return [text[at : at + 30] for at in range(0, len(text), 30)]


LISTS = {
    "array": lambda items: f"const q=[{','.join(f'{json.dumps(item)}' for item in items)}];",
    "calls": lambda items: ";".join(f"if(z==d({json.dumps(item)}))y()" for item in items) + ";",
    "object": lambda items: "const q={" + ",".join(f"k{at}:{json.dumps(i)}" for at, i in enumerate(items)) + "};",
}


@pytest.mark.parametrize("place", LISTS)
@pytest.mark.parametrize("key", ["xor", "xor 3", "xor 5"])
def test_lists_whose_items_are_coded_one_by_one_are_found(place: str, key: str) -> None:
    coded = [base64.b64encode(ciphers.KEYS[key](item.encode())).decode() for item in HOSTS]
    found = hidden_strings(lex_javascript(LISTS[place](coded).encode()), 0)
    assert any(hidden.kind is Hiding.HOSTS and set(HOSTS) <= set(hidden.items) for hidden in found)


def test_lists_of_lists_of_numbers_are_found() -> None:
    source = f"const q=[{','.join(str(list(ciphers.KEYS['add'](host.encode()))) for host in HOSTS)}];"
    found = hidden_strings(lex_javascript(source.encode()), 0)
    assert any(hidden.kind is Hiding.HOSTS and set(HOSTS) <= set(hidden.items) for hidden in found)


def test_letters_that_are_added_up_one_by_one_are_found() -> None:
    payload, kind = PAYLOADS["hosts"]
    found = hidden_strings(lex_javascript(f"x={'+'.join(map(json.dumps, payload))};".encode()), 0)
    assert says(found, payload, kind)
    assert found[0].layers == ("joined",)


@pytest.mark.parametrize(
    "written",
    [
        lambda coded: json.dumps({"a": 1, "payload": coded}),
        lambda coded: f"a: 1\npayload: {coded}\n",
        lambda coded: f"# Title\n\n```\n{chr(10).join(_cut(coded))}\n```\n",
        lambda coded: f"<p>hello</p><!-- {coded} -->",
        lambda coded: json.dumps({"a": list(base64.b64decode(coded))}),
    ],
)
def test_values_are_found_in_text_and_data(written) -> None:
    payload, kind = PAYLOADS["hosts in lines"]
    text = written(base64.b64encode(ciphers.KEYS["xor"](payload.encode())).decode())
    assert says(hidden_in_text(text.encode(), 3), payload, kind)


def test_the_place_is_where_the_literal_is_and_the_size_is_what_is_inside() -> None:
    payload, _ = PAYLOADS["zones"]
    coded = base64.b64encode(ciphers.KEYS["xor"](payload.encode()))
    data = b'let a="b";let c="' + coded + b'";'
    (hidden,) = hidden_strings(lex_javascript(data), 7)
    assert hidden.place.member == 7
    assert data[hidden.place.offset : hidden.place.offset + len(coded)] == coded
    assert (hidden.encoded, hidden.size) == (len(coded), len(payload))
    assert hidden.layers == ("base64", "xor 167")
    assert hidden.items == tuple(payload.split("|"))
    assert 0.8 <= hidden.score <= 1
