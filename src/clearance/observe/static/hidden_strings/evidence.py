"""How much better a key explains a value than its plain reading: in bits, to be weighed against all that was tried.

1. What was written has a price: as text that is meant as it stands, or as anything at all whose bytes have the shares
   that these have (codes in a table, numbers, labels), whichever is cheaper. A key that only moves bytes about changes
   nothing of the latter, so that a table stays a table under every key.
2. What came out has a price as text; and what proves itself by its form (last labels that exist, areas of time zones,
   folders that systems have, words of programs) is worth what it is unlikely to be by chance, each once.
3. The difference has to pay for the choice: of the keys and nestings that were tried, and of the strings of a release.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Iterable
from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.code_shape import program_words
from clearance.observe.static.hidden_strings.hosts import LABELS, last_label
from clearance.observe.static.hidden_strings.prose import char_bits
from clearance.observe.static.hidden_strings.reading import Reading, as_text, read
from clearance.observe.static.hidden_strings.values import LOCKED, Value

LEGIBLE, OPAQUE = 22.0, 18.0
"""Bits for the choice of a string: a large release has a hundred thousand odd ones that one can read and
eight thousand that nobody can or that are coded. One release in thirty may raise an alarm by chance."""
KINDS: Final = (("reversed", 0.0), ("reversed alphabet", 4.7), ("(letters)", 4.7), ("(printable)", 6.5))
"""Bits for the choice of a key, by how its layer's name ends: how many keys of the kind there are …"""
ANY: Final = 9.0
"""… and for all others: XOR and addition, each with 255."""
NESTED: Final = 5.0
"""Bits for each layer beyond two: how many codings, streams and orders are tried on what a layer leaves."""
FREE: Final = 8.0
"""Bits for each free byte of a key beyond the first."""
SHARED: Final = 14.0
"""Bits for a value under the layers and the key of another one of the same member: neither had to be looked for."""

_LOCKS: Final = ("xor", "shift", "rc4", "reversed")
_LENGTHS: Final = (64, 128, 256, LOCKED)
"""Begins that are weighed; the best counts: names of one kind repeat their letters until that says as much as order."""
_ALPHANUMERIC: Final = (string.ascii_letters + string.digits).encode()
_CLASSES: Final = tuple(
    frozenset(octets)
    for octets in (
        string.ascii_lowercase.encode(),
        string.ascii_uppercase.encode(),
        string.digits.encode(),
        bytes(set(range(0x20, 0x7F)) - set(_ALPHANUMERIC)),
        bytes(range(0x20)) + b"\x7f",
        bytes(range(0x80, 0x100)),
    )
)
_CLASS: Final = 1.5
_SIGN: Final = 4.0
"""Bits for the sign that stands between the items of a list."""
_SPREAD: Final = 8.0
"""How readily a table has letters that it did not have so far (concentration of a Dirichlet process)."""
_MOST: Final = 16.0
_MARKED: Final = ("base64", "base32", "base85", "hex", "gzip", "zlib", "zstd", "bzip2", "xz")
_SERVERS: Final = frozenset(
    "www api cdn mail smtp static assets img auth login app dev docs blog com co net org gov edu".split()
)
_SERVER: Final = 5.0
_FOLDERS: Final = frozenset(
    """etc usr var opt home tmp lib lib64 bin sbin share local root dev proc sys run mnt srv users library windows
    system32 appdata programdata desktop documents downloads .ssh .config .cache .local .aws .npmrc .bashrc .zshrc
    .bash_history .gitconfig .kube .docker .gnupg node_modules""".split()
)
_FOLDER: Final = 8.0
_LABEL: Final = re.compile(r"[^\W_]+")
_WORD: Final = 7.0


def outweighs(value: Value, reading: Reading) -> bool:
    """True when what a key makes of the value pays for all that was tried before it was found."""
    return evidence(value, reading) >= needed(value)


def needed(value: Value) -> float:
    """Bits that the choice of this value, its keys and its nesting among all others costs."""
    if value.layers in value.proven:
        return SHARED
    keys = sum(_key_bits(layer) for layer in value.layers if layer.startswith(_LOCKS))
    strings = LEGIBLE if value.legible and value.layers[0].startswith(_LOCKS) else OPAQUE
    return strings + keys + NESTED * max(0, len(value.layers) - 2) + FREE * max(0, value.key_bytes - 1)


def _key_bits(layer: str) -> float:
    return next((bits for ending, bits in KINDS if layer.endswith(ending)), ANY)


def evidence(value: Value, reading: Reading) -> float:
    """Bits by which what came out is likelier, as something that was hidden, than what was written as it stands."""
    after, before = value.joined[:LOCKED], b"".join(value.locked_as)
    if len(after) != len(before):  # a coding or a stream lay under the key
        before = b""
    gained = max(_gained(before[:size], after[:size]) for size in _LENGTHS)
    plain = read(b"\n".join(value.locked_as)) if before else None
    return gained + _proof(reading) + _behind(value) - (_proof(plain) if plain else 0.0)


def _behind(value: Value) -> float:
    """What codings and streams prove that lay under the last key: by chance nothing has their alphabet or begin."""
    last = max((at for at, layer in enumerate(value.layers) if layer.startswith(_LOCKS)), default=-1)
    return _MOST * any(layer.startswith(_MARKED) for layer in value.layers[last + 1 :]) if not value.legible else 0.0


def _gained(before: bytes, after: bytes) -> float:
    plain = shares_bits(before or after)
    if before and as_text(before) is not None:
        plain = min(plain, text_bits(before))
        if before.isascii() and not after.isascii():  # two signs of a table for each letter
            plain = min(plain, shares_bits(after.decode("utf-8", "ignore").encode("utf-16-le")[::2]))
    return plain - text_bits(after)


def text_bits(data: bytes) -> float:
    """Bits of surprise of all the bytes as text; as a list, if that is less: any sign may stand between its words."""
    if not data.isascii():
        text = data.decode("utf-8", "ignore")
        return sum(char_bits(char) if char > "\x7f" else 5.0 for char in text)
    plain = bits_a_byte(data) * len(data)
    signs = data.translate(None, _ALPHANUMERIC)
    if not signs:
        return plain
    most = Counter(signs).most_common(1)[0][0]
    listed = data.replace(bytes((most,)), b" ")
    return min(plain, bits_a_byte(listed) * len(listed) + _SIGN)


def shares_bits(data: bytes) -> float:
    """Bits that bytes cost when nothing is known but how often each came before, and of what classes they are."""
    counts = Counter(data)
    ways = math.lgamma(_SPREAD + len(data)) - math.lgamma(_SPREAD) - len(counts) * math.log(_SPREAD)
    ways -= sum(math.lgamma(count) for count in counts.values())
    for octets in _CLASSES:
        if different := len(counts.keys() & octets):
            ways += math.lgamma(len(octets) + 1) - math.lgamma(len(octets) - different + 1) + _CLASS
    return ways / math.log(2)


def _proof(reading: Reading) -> float:
    """Bits that the form is worth: what is there by chance half of the times is worth one. Each thing counts once."""
    match reading.kind:
        case Hiding.HOSTS:
            labels = {part for item in reading.items for part in _LABEL.findall(item.lower())[:-1]}
            return sum(map(_label_bits, set(map(last_label, reading.items)))) + _SERVER * len(_SERVERS & labels)
        case Hiding.TIME_ZONES:
            return _MOST * len({item.partition("/")[0].lower() for item in reading.items})
        case Hiding.PATHS:
            return _FOLDER * len(_FOLDERS & _parts(reading.items))
        case Hiding.CODE:
            return _WORD * len(program_words(reading.text))
        case Hiding.WORDS | Hiding.TEXT | Hiding.DIGESTS:
            return 0.0


def _label_bits(label: str) -> float:
    """How unlikely it is that so many letters are a last label of the root zone; an address proves little."""
    if not label:
        return 2.0
    same = max(1, LABELS.get(len(label), 0))
    return min(_MOST, max(0.0, len(label) * math.log2(26) - math.log2(same)))


def _parts(items: Iterable[str]) -> set[str]:
    return {part for item in items for part in item.lower().replace("\\", "/").split("/")}
