"""How many hidden lists a look finds: made-up hosts, zones, words, paths, texts and code under every coding and key.

    python bench/hidden_lists.py [--seeds 6] [--first 1] [--misses] [--only WORD]

Each case is a value of a random length and separator in a random dress of each family that ``observe`` claims to take
off, inside a script with ordinary code around. It is found when a hidden string of its kind holds at least nine of ten
items, or all of the text. Printed: found of all by family and by kind of value, and the total. ``--misses`` lists what
was not found. Everything is drawn from the seed; nothing is read but ``hidden_lists.toml``.
"""

import argparse
import base64
import bz2
import gzip
import json
import lzma
import random
import time
import tomllib
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import brotli
import zstandard

from clearance.model.contents import HiddenString, Hiding
from clearance.observe.static.hidden_strings import hidden_strings
from clearance.observe.static.lex_javascript import lex_javascript

Change = Callable[[bytes], bytes]

_MATERIAL = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
_SYLLABLES = (
    "ba ko ri den mar tul vas pen lor sil gan hem jod kur net pol rus tam wil zer sha yun tek fin do mi".split()
)
_TOPS = "com net org io dev cn ru de jp co.uk app fr com.br kr in ai".split()
_AROUND = (
    'var e=t(421);function r(e,t){return e.length>t?e.slice(0,t)+"...":e}',
    'e.exports={ERR_INVALID:"ERR_INVALID",max:16};const a=()=>n.get("content-type")||"text/plain";',
    "class i extends n.Base{constructor(e){super(e),this.opts=Object.assign({},{retries:3},e)}}",
)


# what is hidden -------------------------------------------------------------------------------------------------------


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3))))


def _host(rng: random.Random) -> str:
    return rng.choice(("", "", "api.", "cdn-", "gw.")) + _name(rng) + "." + rng.choice(_TOPS)


def _path(rng: random.Random) -> str:
    begin = rng.choice(("/etc", "~/.config", "/var/lib", "/opt", "~/.ssh", "/usr/local/share"))
    return "/".join((begin, *(_name(rng) for _ in range(rng.choice((1, 2)))))) + rng.choice(
        ("", ".conf", ".json", ".db")
    )


def _items(kind: Hiding, rng: random.Random) -> list[str]:
    many = rng.choice((4, 6, 9, 14, 30))
    match kind:
        case Hiding.HOSTS:
            return [_host(rng) for _ in range(many)]
        case Hiding.TIME_ZONES:
            return rng.sample(_MATERIAL["zones"].split(), many)
        case Hiding.WORDS:
            return rng.sample(_MATERIAL["words"].split(), max(many, 8))
        case Hiding.PATHS:
            return [_path(rng) for _ in range(max(many, 5))]
        case Hiding.TEXT:
            return [" ".join(rng.sample(_MATERIAL["sentences"].splitlines(), rng.choice((1, 2))))]
        case Hiding.CODE:
            return [rng.choice(_MATERIAL["code"].splitlines()).replace("\\n", "\n")]


def _written(items: list[str], rng: random.Random) -> bytes:
    if len(items) > 1 and rng.random() < 0.25:
        return json.dumps(items).encode()
    return rng.choice((",", "\n", "|", ";", ", ")).join(items).encode()


# how it is hidden -----------------------------------------------------------------------------------------------------


def _xor(key: bytes) -> Change:
    return lambda data: bytes(octet ^ key[at % len(key)] for at, octet in enumerate(data))


def _add(number: int) -> Change:
    return lambda data: bytes((octet + number) & 255 for octet in data)


def _letters(turn: int) -> Change:
    def one(octet: int) -> int:
        for first in (65, 97):
            if first <= octet < first + 26:
                return first + ((25 - octet + first) if turn == 0 else (octet - first + turn) % 26)
        return octet

    return lambda data: bytes(map(one, data))


def _printable(turn: int) -> Change:
    return lambda data: bytes((octet - 33 + turn) % 94 + 33 if 32 < octet < 127 else octet for octet in data)


def _rolled(bits: int) -> Change:
    return lambda data: bytes((octet << bits | octet >> (8 - bits)) & 255 for octet in data)


def _counting(key: int, step: int) -> Change:
    return lambda data: bytes(octet ^ ((key + step * at) & 255) for at, octet in enumerate(data))


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _turned(data: bytes) -> bytes:
    return data[::-1]


_TEXTS: dict[str, Change] = {
    "base64": base64.b64encode,
    "base64 url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 swapped": lambda data: base64.b64encode(data).swapcase(),
    "base64 reversed": lambda data: base64.b64encode(data)[::-1],
    "base64 rotated": lambda data: _letters(13)(base64.b64encode(data)),
    "base32": base64.b32encode,
    "base85": base64.b85encode,
    "ascii85": base64.a85encode,
    "hex": lambda data: data.hex().encode(),
    "percent": lambda data: "".join(f"%{octet:02x}" for octet in data).encode(),
    "decimals": lambda data: ",".join(map(str, data)).encode(),
}
_STREAMS: dict[str, Change] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "deflate": _deflate,
    "brotli": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


def _one_byte(rng: random.Random) -> Change:
    key = rng.randrange(1, 256)
    return rng.choice((_xor(bytes((key,))), _add(key)))


def _coding(rng: random.Random) -> Change:
    return _TEXTS[rng.choice(("base64", "base64 url", "hex", "base32", "base85", "ascii85"))]


def _long(length: int) -> Callable[[random.Random], Change]:
    return lambda rng: _xor(rng.randbytes(length))


FAMILIES: dict[str, Callable[[random.Random], list[Change]]] = {
    **{name: lambda _, change=change: [change] for name, change in _TEXTS.items()},
    **{f"{name} in a coding": lambda rng, change=change: [change, _coding(rng)] for name, change in _STREAMS.items()},
    "xor, escaped": lambda rng: [_xor(bytes((rng.randrange(1, 256),)))],
    "addition, escaped": lambda rng: [_add(rng.randrange(1, 256))],
    "one-byte key in a coding": lambda rng: [_one_byte(rng), _coding(rng)],
    "turned letters": lambda rng: [_letters(rng.randrange(1, 26))],
    "mirrored alphabet": lambda _: [_letters(0)],
    "turned printable": lambda rng: [_printable(rng.choice((47, rng.randrange(1, 94))))],
    "from its end": lambda _: [_turned],
    "turned letters in a coding": lambda rng: [_letters(rng.randrange(0, 26)), _coding(rng)],
    "turned printable in a coding": lambda rng: [_printable(47), _coding(rng)],
    "from its end in a coding": lambda rng: [_turned, _coding(rng)],
    "rolled bits in a coding": lambda rng: [_rolled(rng.randrange(1, 8)), _coding(rng)],
    "key of 2 in a coding": lambda rng: [_long(2)(rng), _coding(rng)],
    "key of 4 in a coding": lambda rng: [_long(4)(rng), _coding(rng)],
    "key of 8 in a coding": lambda rng: [_long(8)(rng), _coding(rng)],
    "counting key in a coding": lambda rng: [_counting(rng.randrange(256), rng.randrange(1, 256)), _coding(rng)],
    "key and end in a coding": lambda rng: [_one_byte(rng), _turned, _coding(rng)],
    "letters and end": lambda rng: [_letters(rng.randrange(1, 26)), _turned],
    "stream under a key": lambda rng: [_STREAMS[rng.choice(("gzip", "zlib"))], _one_byte(rng), _coding(rng)],
    "bare stream under a key": lambda rng: [_STREAMS[rng.choice(("deflate", "brotli"))], _one_byte(rng), _coding(rng)],
    "key under a stream": lambda rng: [_one_byte(rng), _STREAMS[rng.choice([*_STREAMS])], _coding(rng)],
    "coding in a coding": lambda rng: [_coding(rng), _coding(rng)],
    "key under two codings": lambda rng: [_one_byte(rng), _coding(rng), _TEXTS["base64"]],
    "key between codings": lambda rng: [_TEXTS["base64"], _one_byte(rng), _coding(rng)],
    "four deep": lambda rng: [gzip.compress, _TEXTS["base64"], _one_byte(rng), _TEXTS["base64"]],
}
"""What takes each family's layers on, innermost first."""


def _literal(data: bytes) -> str:
    try:
        return json.dumps(data.decode(), ensure_ascii=False)
    except UnicodeDecodeError:
        return '"' + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\x{o:02x}" for o in data) + '"'


def _place(data: bytes, items: list[str], changes: list[Change], rng: random.Random) -> str:
    """A script that holds the value as one literal, as a list of numbers, or item by item."""
    way = rng.random()
    if way < 0.15 and len(items) > 5 and len(changes) == 2:
        coded = []
        for item in items:
            one = item.encode()
            for change in changes:
                one = change(one)
            coded.append(_literal(one))
        held = f"const q=[{','.join(coded)}];"
    elif way < 0.3 and not data.isascii():
        held = f"const q=[{','.join(map(str, data))}];"
    else:
        held = f"const q=d({_literal(data)});"
    return "\n".join((_AROUND[0], held, *_AROUND[1:]))


def _is_found(found: tuple[HiddenString, ...], kind: Hiding, items: list[str]) -> bool:
    for hidden in found:
        if hidden.kind is kind and kind in (Hiding.TEXT, Hiding.CODE):
            if "".join(items[0].split()) in "".join(hidden.text.split()):
                return True
        elif hidden.kind is kind and 10 * len(set(items) & set(hidden.items)) >= 9 * len(set(items)):
            return True
    return False


def main() -> None:
    """The measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    families: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    good_families: Counter[str] = Counter()
    good_kinds: Counter[str] = Counter()
    began = time.process_time()
    for family, dress in FAMILIES.items():
        if given.only not in family:
            continue
        for kind in Hiding:
            for seed in range(given.first, given.first + given.seeds):
                rng = random.Random(f"{family} {kind} {seed}")
                items, changes = _items(kind, rng), dress(rng)
                data = _written(items, rng)
                for change in changes:
                    data = change(data)
                script = _place(data, items, changes, rng)
                good = _is_found(hidden_strings(lex_javascript(script.encode()), 0), kind, items)
                families[family] += 1
                kinds[kind] += 1
                good_families[family] += good
                good_kinds[kind] += good
                if given.misses and not good:
                    print(f"missed: {family}, {kind} {seed}, {len(items)} items, {len(data)} bytes")
    for total, found in ((families, good_families), (kinds, good_kinds)):
        for name, many in total.items():
            print(f"  {name:32} {found[name]:4} of {many}")
    every, all_found = families.total(), good_families.total()
    seconds = time.process_time() - began
    print(f"found {all_found:,} of {every:,} = {100 * all_found / every:.2f} % ({seconds:.0f} s CPU)")


if __name__ == "__main__":
    main()
