"""Ways to hide a message in a carrier, or to disguise a carrier: each takes both and gives bytes.

``FINDS`` hide a message: it must be found, or what was hidden must be gone. ``CODES`` write the message in a code: a
decoded view must hold it. ``DISGUISES`` write the carrier with other code points: plain text or skeleton must equal it.
"""

import base64
import gzip
import random
import urllib.parse
import zlib
from collections.abc import Callable

Encoder = Callable[[str, str], bytes]


def bits(message: str, width: int = 8) -> str:
    return "".join(f"{byte:0{width}b}" for byte in message.encode())


def behind_first_word(carrier: str, unseen: str) -> bytes:
    first, space, rest = carrier.partition(" ")
    return f"{first}{unseen}{space}{rest}".encode()


def one_by_one(carrier: str, symbols: str) -> bytes:
    """A symbol behind each letter of the carrier, which is said as often as needed."""
    text = (carrier + " ") * (len(symbols) // (len(carrier) + 1) + 1)
    return "".join(c + s for c, s in zip(text, symbols, strict=False)).encode()


def digits(message: str, symbols: str) -> str:
    base = len(symbols)
    width = {2: 8, 3: 6, 4: 4}[base]
    found = []
    for byte in message.encode():
        number, left = [], byte
        for _ in range(width):
            left, digit = divmod(left, base)
            number.append(symbols[digit])
        found += number[::-1]
    return "".join(found)


def repeated(carrier: str, letter: str, choices: str, message: str) -> bytes:
    """Each time that a letter stands in the carrier, one of its look-alikes, by the bits of the message."""
    wanted = iter(bits(message))
    return "".join(choices[int(next(wanted, "0"))] if c == letter else c for c in carrier).encode()


def substituted(carrier: str, table: dict[str, str], message: str) -> bytes:
    chance = random.Random(message)
    return "".join(table[c] if c in table and chance.random() < 0.7 else c for c in carrier).encode()


def shifted(carrier: str, upper: int, lower: int) -> bytes:
    """Letters from another alphabet of Unicode, by where its capital and small letters begin."""
    return "".join(
        chr(upper + ord(c) - 65) if "A" <= c <= "Z" else chr(lower + ord(c) - 97) if "a" <= c <= "z" else c
        for c in carrier
    ).encode()


def selector(byte: int) -> str:
    return chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16)


def selector_of_nibbles(message: str) -> str:
    return "".join(chr(0xFE00 + n) for b in message.encode() for n in (b >> 4, b & 15))


CYRILLIC = dict(zip("aceopxyisjABCEHKMOPTXI", "асеорхуіѕјАВСЕНКМОРТХІ", strict=True))
GREEK = dict(zip("oABEHIKMNOPTXYZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True))
BIDI = "\u202a\u202b\u202c\u202d\u202e"
ISOLATES = "\u2066\u2067\u2068\u2069"


def finding(unseen: Callable[[str], str]) -> Encoder:
    return lambda carrier, message: behind_first_word(carrier, unseen(message))


FINDS: dict[str, Encoder] = {
    "tags": finding(lambda m: "".join(chr(0xE0000 + ord(c)) for c in m)),
    "selectors, bytes": finding(lambda m: "".join(selector(b) for b in m.encode())),
    "selectors, second block": finding(lambda m: "".join(chr(0xE0100 + b) for b in m.encode())),
    "selectors, nibbles": finding(selector_of_nibbles),
    "selectors spread": lambda c, m: one_by_one(c, "".join(selector(b) for b in m.encode())),
    "zero-width, two symbols": finding(lambda m: digits(m, "\u200b\u200c")),
    "zero-width, two others": finding(lambda m: digits(m, "\u2060\u200d")),
    "zero-width, seven bits": finding(lambda m: bits(m, 7).translate({48: "\u200c", 49: "\u200d"})),
    "zero-width, three symbols": finding(lambda m: digits(m, "\u200b\u200c\u200d")),
    "zero-width, separated": finding(
        lambda m: "\u200d".join(f"{b:b}" for b in m.encode()).translate({48: "\u200b", 49: "\u200c"})
    ),
    "zero-width, four symbols": finding(lambda m: digits(m, "\u200b\u200c\u200d\u2060")),
    "zero-width, byte order marks": finding(lambda m: digits(m, "\ufeff\u200b")),
    "zero-width spread": lambda c, m: one_by_one(c, digits(m, "\u200b\u200c")),
    "bidi": finding(lambda m: digits(m, BIDI[:4])),
    "isolates": finding(lambda m: digits(m, ISOLATES)),
    "direction marks": finding(lambda m: digits(m, "\u200e\u200f")),
    "soft hyphens": finding(lambda m: digits(m, "\u00ad\u200b")),
    "grapheme joiners": finding(lambda m: digits(m, "\u034f\u200d")),
    "hangul fillers": finding(lambda m: digits(m, "\u3164\uffa0")),
    "choseong and jungseong fillers": finding(lambda m: digits(m, "\u115f\u1160")),
    "khmer vowels": finding(lambda m: digits(m, "\u17b4\u17b5")),
    "braille blanks": finding(lambda m: digits(m, "\u2800\u200b")),
    "musical": finding(lambda m: digits(m, "\U0001d173\U0001d174\U0001d175\U0001d176")),
    "operators": finding(lambda m: digits(m, "\u2061\u2062\u2063\u2064")),
    "deprecated format": finding(lambda m: digits(m, "\u206a\u206b\u206c\u206d")),
    "mongolian": finding(lambda m: digits(m, "\u180b\u180c\u180d\u180e")),
    "shorthand": finding(lambda m: digits(m, "\U0001bca0\U0001bca1")),
    "annotation": finding(lambda m: f"\ufff9\ufffa{m}\ufffb"),
    "concealed by a terminal": finding(lambda m: f"\x1b[8m{m}\x1b[0m"),
    "backspaces": finding(lambda m: m + "\b" * len(m)),
}
"""The carrier is what a reader sees."""


def nested(message: str) -> bytes:
    return base64.b64encode(urllib.parse.quote(message).encode().hex().encode())


def percent(message: str) -> str:
    return "".join(f"%{b:02X}" for b in message.encode())


def coding(code: Callable[[str], bytes | str]) -> Encoder:
    def encode(carrier: str, message: str) -> bytes:
        said = code(message)
        return carrier.encode() + b" " + (said.encode() if isinstance(said, str) else said) + b"\n" + carrier.encode()

    return encode


CODES: dict[str, Encoder] = {
    "base64": coding(lambda m: base64.b64encode(m.encode())),
    "base64 for URLs": coding(lambda m: base64.urlsafe_b64encode(m.encode()).rstrip(b"=")),
    "base64 in lines": lambda c, m: c.encode() + b"\n" + base64.encodebytes(m.encode() * 3),
    "base64 of UTF-16": coding(lambda m: base64.b64encode(m.encode("utf-16-le"))),
    "hex": coding(lambda m: m.encode().hex()),
    "hex, spaced": coding(lambda m: m.encode().hex(" ")),
    "hex, as bytes of a list": coding(lambda m: ", ".join(f"0x{b:02x}" for b in m.encode())),
    "escapes": coding(lambda m: "".join(f"\\x{b:02x}" for b in m.encode())),
    "escapes of 16 bits": coding(lambda m: "".join(f"\\u{ord(c):04x}" for c in m)),
    "url": coding(percent),
    "entities": coding(lambda m: "".join(f"&#{ord(c)};" for c in m)),
    "entities in hex": coding(lambda m: "".join(f"&#x{ord(c):x};" for c in m)),
    "quoted-printable": coding(lambda m: "".join(f"={b:02X}" for b in m.encode())),
    "html comment": coding(lambda m: f"<!-- {m} -->"),
    "gzip and base64": coding(lambda m: base64.b64encode(gzip.compress(m.encode(), mtime=0))),
    "zlib and hex": coding(lambda m: zlib.compress(m.encode()).hex()),
    "gzip": lambda c, m: gzip.compress(f"{c}\n{m}".encode(), mtime=0),
    "three deep": coding(nested),
    "base64 three times": coding(lambda m: base64.b64encode(base64.b64encode(base64.b64encode(m.encode())))),
    "url in base64 in tags": finding(
        lambda m: "".join(chr(0xE0000 + c) for c in base64.b64encode(percent(m).encode()))
    ),
    "base64 with breaks nobody sees": coding(lambda m: "\u200b".join(base64.b64encode(m.encode()).decode())),
}


def zalgo(carrier: str, message: str) -> bytes:
    chance = random.Random(message)
    marks = [chr(c) for c in range(0x300, 0x34F)]
    return "".join(
        c + "".join(chance.choices(marks, k=chance.randint(4, 12))) if c.isalpha() else c for c in carrier
    ).encode()


DISGUISES: dict[str, Encoder] = {
    "cyrillic": lambda c, m: substituted(c, CYRILLIC, m),
    "greek": lambda c, m: substituted(c, GREEK, m),
    "cyrillic and greek": lambda c, m: substituted(substituted(c, GREEK, m).decode(), CYRILLIC, m),
    "fullwidth": lambda c, m: shifted(c, 0xFF21, 0xFF41),
    "mathematical bold": lambda c, m: shifted(c, 0x1D400, 0x1D41A),
    "mathematical monospace": lambda c, m: shifted(c, 0x1D670, 0x1D68A),
    "mathematical sans-serif": lambda c, m: shifted(c, 0x1D5A0, 0x1D5BA),
    "circled": lambda c, m: shifted(c, 0x24B6, 0x24D0),
    "apostrophes": lambda c, m: repeated(c, "'", "'’", m),
    "modifier apostrophes": lambda c, m: repeated(c, "'", "ʼ′", m),
    "quotes": lambda c, m: repeated(c, '"', "“”", m),
    "spaces": lambda c, m: repeated(c, " ", " \u00a0", m),
    "spaces of other widths": lambda c, m: repeated(c, " ", "\u2009\u202f", m),
    "tabs": lambda c, m: repeated(c, " ", " \t", m),
    "dashes": lambda c, m: repeated(c, "-", "\u2010\u2011", m),
    "long dashes": lambda c, m: repeated(c, "-", "–—", m),
    "line ends": lambda c, m: repeated(c, "\n", "\n\u2028", m),
    "spaces at line ends": lambda c, m: (
        c.replace("\n", " \t  \n").encode() + bits(m).translate({48: " ", 49: "\t"}).encode()
    ),
    "colours of a terminal": lambda c, m: c.replace(" ", " \x1b[31m").encode() + b"\x1b[0m",
    "overstruck": lambda c, m: "".join(f"{x}\b{x}" if x.isalpha() else x for x in c).encode(),
    "zalgo": zalgo,
    "single breaks": lambda c, m: "\u200b".join(c).encode(),
    "single soft hyphens": lambda c, m: "\u00ad".join(c).encode(),
    "carriage returns": lambda c, m: c.replace("\n", "\r\n").encode(),
}
