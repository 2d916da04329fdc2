"""Tables of honest programs stay tables under every key: punycode, code points, codes, names, markup, random bytes."""

import base64
import itertools
import json
import random
import string

import pytest

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings import hidden_in_text, hidden_strings
from clearance.observe.static.hidden_strings.evidence import evidence, needed, shares_bits, text_bits
from clearance.observe.static.hidden_strings.reading import read
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python


def keyed_in_script(text: str):
    return [hidden for hidden in hidden_strings(lex_javascript(text.encode()), 0) if hidden.keyed]


def keyed_in_python(text: str):
    return [hidden for hidden in hidden_strings(lex_python(text.encode()), 0) if hidden.keyed]


def suffixes(rng: random.Random) -> list[str]:
    """Names as lists of suffixes and their tests have them: plain, in another script, and the same in punycode."""
    label, owner = ("".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(2)) for _ in range(2))
    plain = rng.choice(("kobe", "lamp", "tama", "vase"))
    coded, sub = ("xn--" + name.encode("punycode").decode() for name in (label, owner))
    names = [f"www.city.{plain}.jp", f"{label}.com.cn", f"{label}.{owner}.cn", f"www.{label}.{owner}.cn"]
    return [*names, f"{coded}.com.cn", f"{coded}.{sub}.cn", f"www.{coded}.{sub}.cn"]


@pytest.mark.parametrize("seed", [10, 15, 24, 34, 46, 51])
def test_names_in_punycode_hide_nothing(seed: int) -> None:
    names = suffixes(random.Random(seed))
    page = "\n".join(f"lamp.get('{name}'); // '{name}'" for name in names)
    assert [h for h in hidden_in_text(f"# Lamp\n\n```js\n{page}\n```\n".encode(), 0) if h.keyed] == []
    assert keyed_in_script(f"x={json.dumps(names)};y={json.dumps(','.join(names))}") == []


@pytest.mark.parametrize("first", [0xE0, 0x1F60, 0x391, 0x430, 0x5D0, 0x905, 0x1E00, 0x2C00])
@pytest.mark.parametrize("many", [8, 23, 60])
def test_tables_of_code_points_hide_nothing(first: int, many: int) -> None:
    rows = "".join(f'    "{chr(first + at)}",\n' + "    None,\n" * (at % 11 == 10) for at in range(many))
    assert keyed_in_python(f"TABLE = (\n{rows})\n") == []
    together = "".join(map(chr, range(first, first + many)))
    assert keyed_in_python(f"TABLE = ({json.dumps(together, ensure_ascii=False)}, {json.dumps(together)})\n") == []


@pytest.mark.parametrize("seed", range(2))
def test_codes_of_three_letters_hide_nothing(seed: int) -> None:
    rng = random.Random(seed)
    rows = []
    for _ in range(16):
        begins = rng.choices(string.ascii_lowercase, k=3)
        codes = {begin + "".join(rng.choices(string.ascii_lowercase, k=2)) for begin in begins * rng.choice((4, 9))}
        rows.append(" ".join(sorted(codes)))
    assert [h for h in hidden_in_text(json.dumps(dict(enumerate(rows))).encode(), 0) if h.keyed] == []


@pytest.mark.parametrize("prefix", ["jp", "no", "ab-", "Q"])
def test_codes_that_count_hide_nothing(prefix: str) -> None:
    rows = [[f"{prefix}{at:02}" for at in range(1, last, step)] for last, step in ((48, 1), (55, 4), (90, 7))]
    assert [h for h in hidden_in_text(json.dumps(rows).encode(), 0) if h.keyed] == []


def test_names_of_owners_and_models_hide_nothing() -> None:
    owners, models = ("lamp-hf", "llama-hf", "shipyard", "kelp", "bell-ai"), ("lamp-1.5-7b", "table-2-9b", "vip-lamp")
    names = [
        f"{owner}/{model}{end}" for owner, model, end in itertools.product(owners, models, ("", "-hf", "-v0.3", "-it"))
    ]
    assert keyed_in_python("".join(f"M{at} = {name!r}\n" for at, name in enumerate(names))) == []


def test_markup_hides_nothing() -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="{}">'
    for name in ("mxyz", "svg", "lamp-focus"):
        assert keyed_in_script(f"draw('{picture.format(name)}')") == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_random_bytes_hide_nothing_however_many_there_are(seed: int) -> None:
    rng = random.Random(seed)
    blobs = [base64.b64encode(rng.randbytes(rng.randrange(20, 90))).decode() for _ in range(16)]
    nibbles = [[rng.randrange(16) for _ in range(64)] for _ in range(3)]
    source = ";".join(f"v{at}={json.dumps(blob)}" for at, blob in enumerate(blobs))
    assert keyed_in_script(source + ";" + ";".join(f"n{at}={row}" for at, row in enumerate(nibbles))) == []


# the weighing itself --------------------------------------------------------------------------------------------------


def unlocked(before: bytes, layer: str, after: bytes, *, free: int = 1, first: tuple[str, ...] = ()) -> Value:
    return Value(parts=(before,), place=0, written=len(before), layers=first).unlocked(layer, (after,), free=free)


def test_a_table_costs_the_same_under_every_key_that_only_moves_bytes() -> None:
    table = b"aavabcabdbjebmtbpnbuhbwncqdhmahmc"
    moved = bytes((octet + 3) & 255 for octet in table)
    assert shares_bits(table) == pytest.approx(shares_bits(moved))


def test_text_costs_less_than_its_letters_in_another_order() -> None:
    text = b"The lamp stood on the table and nobody had touched it since the morning when the ship came in."
    mixed = bytes(random.Random(1).sample(text, len(text)))
    assert shares_bits(text) == pytest.approx(shares_bits(mixed))
    assert text_bits(text) + 40 < shares_bits(text) < text_bits(mixed)


def test_deeper_nestings_longer_keys_and_more_choice_need_more_evidence() -> None:
    plain, data = b"amber,birch,cedar,dune,ember,fjord", bytes(35)
    one = needed(unlocked(data, "xor 3", plain))
    assert needed(unlocked(data, "xor 3", plain, first=("base64", "hex"))) > one
    assert needed(unlocked(data, "xor abcd", plain, free=4)) > one
    assert needed(unlocked(data, "shift 3 (letters)", plain)) < one


def test_few_letters_over_and_over_are_no_path_that_anybody_hid() -> None:
    data, plain = random.Random(6).randbytes(48), b"/spsorooson/m/spsorosonot/spsorosonop/spsorosonor/spsor"
    deep = unlocked(data, "shift 214", data, first=("base64",)).without("deflate", (plain,)).turned()
    reading = read(plain)
    assert reading
    assert reading.kind is Hiding.PATHS
    assert evidence(deep, reading) < needed(deep)


def test_two_letters_of_a_country_prove_less_than_a_longer_last_label() -> None:
    key = bytes(octet ^ 3 for octet in range(256))
    weak, strong = b"oobub.ke,oobub.ma.ke", b"oobub.com,oobub.dev,"
    found = [
        evidence(unlocked(plain.translate(key), "xor 3", plain), reading)
        for plain in (weak, strong)
        if (reading := read(plain)) and reading.kind is Hiding.HOSTS
    ]
    assert len(found) == 2
    assert found[0] + 8 < found[1]


def test_a_list_that_is_too_short_by_itself_is_believed_under_the_key_of_a_longer_one() -> None:
    def hide(text: str) -> str:
        return base64.b64encode(bytes(ord(char) ^ 91 for char in text)).decode()

    short = "lampseek,moonbird,minimal,stepfun,birchuan"
    zones = "Asia/Tokyo,Europe/Berlin,Africa/Cairo,America/Bogota"
    alone = keyed_in_script(f'a=d("{hide(short)}");')
    beside = keyed_in_script(f'a=d("{hide(short)}");b=d("{hide(zones)}");')
    assert [hidden.text for hidden in alone] == []
    assert [hidden.text for hidden in beside] == [short, zones]
