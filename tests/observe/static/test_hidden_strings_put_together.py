"""What code puts together is read as the whole, however the pieces are written down."""

import base64
import json
import random
import time

import pytest

from clearance.model.contents import HiddenString, Hiding
from clearance.observe.static.hidden_strings import hidden_strings
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python

HOSTS = "lark-api.example-labs.cn wren.cloudnest.io api.finchwave.com heron.stackmill.ru swift.co.jp".split()
KEYS = {"none": b"\0", "one byte": b"\x5b", "three bytes": b"pLm"}


def under(key: bytes) -> bytes:
    return bytes(octet ^ key[at % len(key)] for at, octet in enumerate(",".join(HOSTS).encode()))


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def javascript(code: str) -> tuple[HiddenString, ...]:
    return hidden_strings(lex_javascript(code.encode()), 0)


def python(code: str) -> tuple[HiddenString, ...]:
    return hidden_strings(lex_python(code.encode()), 0)


def shuffled(pieces: list[str]) -> tuple[list[str], list[int], list[int]]:
    """The pieces in another order; where each piece is now; which piece stands at each place."""
    order = list(range(len(pieces)))
    random.Random(2).shuffle(order)
    return [pieces[at] for at in order], [order.index(at) for at in range(len(pieces))], order


def named(pieces: list[str], template: str, parting: str = "") -> str:
    return parting.join(template.format(at, piece) for at, piece in enumerate(pieces))


def names(pieces: list[str], form: str, parting: str) -> str:
    return parting.join(form.format(at) for at in range(len(pieces)))


JAVASCRIPT = {
    "join": lambda p: f"const k=[9,8];const t={json.dumps(p)}.join('');",
    "join by name": lambda p: f"const p={json.dumps(p)};\nconst t=p.join('');",
    "wrapped lines": lambda p: "const p=[\n  '" + "',\n  '".join(p) + "'\n].join('');",
    "order": lambda p: f"const p={json.dumps(shuffled(p)[0])};const o={shuffled(p)[1]};o.map(i=>p[i]).join('');",
    "places": lambda p: f"const o={shuffled(p)[2]},p={json.dumps(shuffled(p)[0])},r=[];o.forEach((i,n)=>r[i]=p[n]);",
    "turned": lambda p: f"const t={json.dumps(p[::-1])}.reverse().join('');",
    "names": lambda p: named(p, "const v{0}='{1}';\n") + "const t=" + names(p, "v{0}", "+"),
    "names elsewhere": lambda p: (
        named(p[1::2], "const w{0}='{1}';f({0});") + named(p[::2], "var v{0}='{1}';g();")
        + "t=" + "+".join(f"{'vw'[at % 2]}{at // 2}" for at in range(len(p))) + ";"
    ),
    "template": lambda p: named(p, "let v{0}='{1}',u{0}=1;") + "t=`" + names(p, "${{v{0}}}", "") + "`;",
    "properties": lambda p: "const o={" + named(p, "v{0}:'{1}'", ",") + "};t=" + names(p, "o.v{0}", " + "),
    "joined names": lambda p: named(p, "let v{0}='{1}',u{0}=1;") + "t=[" + names(p, "v{0}", ",") + "].join('');",
    "items": lambda p: (
        f"const p={json.dumps(shuffled(p)[0])};t=" + "+".join(f"p[{at}]" for at in shuffled(p)[1]) + ";"
    ),
    "concat": lambda p: "t=x.concat('" + "','".join(p) + "');",
    "added one by one": lambda p: named(p, "t+='{1}';\n"),
    "pushed": lambda p: named(p, "t.push('{1}');\n"),
}  # fmt: skip
PYTHON = {
    "triple": lambda p: "T = '''\n" + "\n".join(p) + "\n'''\n",
    "beside": lambda p: "T = (" + "\n    ".join(f"'{x}'" for x in p) + ")\n",
    "bytes beside": lambda p: "T = (" + "\n    ".join(f"b'{x}'" for x in p) + ")\n",
    "join": lambda p: f"T = ''.join({p})\n",
    "join by name": lambda p: f"P = {p}\nT = ''.join(P)\n",
    "bytes join": lambda p: "P = (" + ", ".join(f"b'{x}'" for x in p) + ")\nT = b''.join(P)\n",
    "order": lambda p: f"P = {shuffled(p)[0]}\nO = {shuffled(p)[1]}\nT = ''.join(P[i] for i in O)\n",
    "names": lambda p: named(p, "v{0} = '{1}'\nu{0} = 1\n") + "T = " + names(p, "v{0}", " + ") + "\n",
    "fields": lambda p: named(p, "v{0} = '{1}'\nu{0} = 1\n") + "T = f'" + names(p, "{{v{0}}}", "") + "'\n",
    "joined names": lambda p: named(p, "v{0} = '{1}'\nu{0} = 1\n") + "T = ''.join([" + names(p, "v{0}", ", ") + "])\n",
    "added one by one": lambda p: named(p, "T += '{1}'\n"),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", JAVASCRIPT)
def test_pieces_of_base64_in_javascript_are_one_list(form, key):
    written = base64.b64encode(under(KEYS[key])).decode()
    assert HOSTS in [[*hidden.items] for hidden in javascript(JAVASCRIPT[form](cut(written, 8)))]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", PYTHON)
def test_pieces_of_base64_in_python_are_one_list(form, key):
    written = base64.b64encode(under(KEYS[key])).decode()
    assert HOSTS in [[*hidden.items] for hidden in python(PYTHON[form](cut(written, 8)))]


@pytest.mark.parametrize("size", [3, 6])
def test_pieces_of_hex_and_of_three_letters_are_one_list(size):
    for written in (under(b"\x5b").hex(), base64.b64encode(under(b"\x5b")).decode()):
        found = javascript(f"const t={json.dumps(cut(written, size))}.join('');")
        assert [[*hidden.items] for hidden in found] == [HOSTS]


def test_a_list_of_turned_names_is_found():
    for found in (
        javascript(f"const l={json.dumps([h[::-1] for h in HOSTS])}.map(s=>[...s].reverse().join(''));"),
        python(f"L = {[h[::-1] for h in HOSTS]}\nM = [s[::-1] for s in L]\n"),
    ):
        assert [([*hidden.items], hidden.keyed) for hidden in found] == [(HOSTS, True)]


@pytest.mark.parametrize(
    "code",
    [
        "if(h==='api.fin'+'chwave.com')go();",
        "const a='api.finch',b='wave',c='com';if(h===`${a}${b}.${c}`)go();",
        "const a='api.finch';if(h===a+'wave.com')go();",
        "if(h===String.fromCharCode(97,112,105,46,102,105,110,99,104,119,97,118,101,46,99,111,109))go();",
        "if(h==='api.'+String.fromCharCode(102,105,110,99,104,119,97,118,101)+'.com')go();",
    ],
)
def test_a_host_in_parts_is_found(code):
    assert [(hidden.kind, hidden.items) for hidden in javascript(code)] == [(Hiding.HOSTS, ("api.finchwave.com",))]


LETTERS = [ord(char) for char in "Asia/Tokyo"]


@pytest.mark.parametrize(
    "code",
    [
        "z == 'Asi' 'a/Tokyo'",
        "z == 'Asia/' + 'Tokyo'",
        "a = 'Asia'\nb = 'Tokyo'\nz == f'{a}/{b}'",
        "z == " + "+".join(f"chr({code})" for code in LETTERS),
        f"z == ''.join(chr(c) for c in {LETTERS})",
        f"z == ''.join(map(chr, {LETTERS}))",
        f"z == bytes({LETTERS}).decode()",
        f"z == ''.join(chr(c - 7) for c in {[code + 7 for code in LETTERS]})",
        "z == 'oykoT/aisA'[::-1]",
    ],
)
def test_a_zone_in_parts_or_numbers_is_found(code):
    assert [(hidden.kind, hidden.items) for hidden in python(code)] == [(Hiding.TIME_ZONES, ("Asia/Tokyo",))]


def test_names_in_one_comparison_are_one_list():
    parts = "||".join(f"h==='{host[:7]}'+'{host[7:]}'" for host in HOSTS)
    assert [[*hidden.items] for hidden in javascript(f"if({parts})go();")] == [HOSTS]


@pytest.mark.parametrize(
    "code",
    [
        "const u='https://'+'api.example.com'+'/v1';",
        "const b='example.com';const u=`https://api.${b}/v1`;",
        "const r='eu-west-1',d='amazonaws.com';const u=`https://s3.${r}.${d}/`;",
        "throw new Error('Please visit https://docs.example.com/a/' + 'very/long/path for more');",
        "const f='lib'+'/'+'index.js';",
        "const s=['red','green','blue','Yellow','darkOrange'].join('');",
        "const k=['createdAt','updatedAt','deletedAt','ownerId','teamId','orgId'];",
        "const m={a:'sha256-47DEQpj8HBSa',b:'sha1-2jmj7l5rSw0y',c:'md5-1B2M2Y8Asg'};",
        "s=String.fromCharCode(65,66,67)+String.fromCharCode(13,10);",
        "const x=[1,2,3,4,5].map(n=>String.fromCharCode(64+n));",
        "const v=r+n+'px';const w=a+b+c;",
    ],
)
def test_what_honest_code_puts_together_is_nothing(code):
    assert javascript(code) == ()


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [
        "'a1B'+",
        "`${a}",
        "a+",
        "['x9Z',",
        "chr(65)+",
        "x='q7';",
        "String.fromCharCode(1,",
        "[a,",
        ".join([a,",
        "'a1B'\n",
    ],
)
def test_repetition_is_read_in_linear_time(piece):
    code = (piece * (200_000 // len(piece))).encode()
    for lex in (lex_javascript, lex_python):
        began = time.perf_counter()
        hidden_strings(lex(code), 0)
        assert time.perf_counter() - began < 10
