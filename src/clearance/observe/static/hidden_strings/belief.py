"""Whether what came out is what somebody put in, or one of the many things that come out by chance.

A wrong key leaves eight bits of surprise a byte, seven as ``likelihood`` counts (its table is a bit too generous). What
the right one spares, times the length, is the evidence; it has to outweigh the number of keys that were tried.
"""

from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import Batch, batch_bits, bits_a_byte
from clearance.observe.static.hidden_strings.evidence import outweighs
from clearance.observe.static.hidden_strings.likelihood import NATURAL
from clearance.observe.static.hidden_strings.prose import is_prose
from clearance.observe.static.hidden_strings.reading import Reading, read
from clearance.observe.static.hidden_strings.values import Value

LEAST: Final = 12
"""Bytes of a decoded value that are worth a reading."""

_PROVEN: Final = frozenset((Hiding.HOSTS, Hiding.TIME_ZONES))
_FORMED: Final = _PROVEN | {Hiding.PATHS, Hiding.CODE}
_LEAST_KEYED: Final = 14
_CHANCE: Final = 7.0
_BITS: Final = 50.0
_VARIETY, _VARIETY_KEYED, _VARIETY_WRITTEN = 6, 8, 11
_LETTERS_ONLY: Final = bytes(octet if 97 <= octet <= 122 else 32 for octet in bytes(range(256)).lower())
_NAMES: Final = 4096
_GLANCE: Final = 256
_GAIN: Final = 0.5
"""Bits a byte that text must gain by its key."""
_GAIN_PROVEN: Final = 0.3
_TURN, _TURN_TEXT, _TURN_PROOF = 0.2, 0.5, 30.0
_TURNED: Final = 4.35
"""Bits a byte that must be gained by reading from the end, where the form proves it and where it does not."""
_LEAST_WORDS: Final = 6
"""Bytes a word, with what stands between, of a list of words that was legible before: short ones read as any others."""
_WRITTEN: Final = 5.1
"""Bits a byte above which ASCII is no text that anybody wrote."""
_LEAST_BARE, _LEAST_SHREDS = 0.4, 0.6
"""Scores that a value has to reach that only a coding hid, or that was only written in shreds."""


def said(value: Value) -> Reading | None:
    """What a value says, if it had a layer and anybody would believe it."""
    if not value.layers:
        return None
    plain = value.lines
    if len(plain) < LEAST or len(set(plain[:4096].lower())) < _VARIETY:
        return None
    reading = read(plain)
    if reading is None:
        return None
    if value.key_bytes == 0 and repeats(plain):
        return None
    if value.key_bytes:
        return reading if _is_likely(reading, value, plain) and outweighs(value, reading) else None
    least = _LEAST_SHREDS if "joined" in value.layers else _LEAST_BARE
    return reading if reading.score >= least and reading.bits < NATURAL + 1.2 else None


def said_either_way(value: Value) -> tuple[Value, Reading] | None:
    """What a value says from its begin or from its end, whichever is likelier; and the value in that order."""
    forwards, data = said(value), value.joined
    if "reversed" not in value.layers and (likelier_backwards(data, _TURN) or _may_be_turned_names(forwards, data)):
        turned = value.turned()
        backwards = said(turned)
        if backwards and (backwards.kind in _PROVEN or likelier_backwards(data, _TURN_TEXT)):
            return turned, backwards
    return (value, forwards) if forwards else None


def _may_be_turned_names(reading: Reading | None, data: bytes) -> bool:
    """Names are nearly as likely backwards: where none were read and their signs are there, both ways are tried."""
    named = reading is not None and reading.kind in _PROVEN
    return not named and len(data) <= _NAMES and data.isascii() and (b"." in data or b"/" in data)


def likelier_backwards(data: bytes, gain: float) -> bool:
    """True when ASCII is likelier letter by letter when read from its end; case and signs say nothing of that."""
    if not data or not data[:512].isascii():
        return False
    batch = Batch.of([data[:512].translate(_LETTERS_ONLY)])
    return float(batch_bits(batch, backwards=True)[0]) + gain < float(batch_bits(batch)[0])


def _is_likely(reading: Reading, value: Value, plain: bytes) -> bool:
    """True when the evidence outweighs the keys that were tried; what was legible before must prove more."""
    part = plain[:4096]
    size = len({part[at : at + 4] for at in range(len(part))})  # what repeats is no new evidence
    if size < _LEAST_KEYED or len(set(part)) < _VARIETY_KEYED or repeats(part):
        return False
    proven = reading.kind in _PROVEN
    evidence = (_CHANCE - reading.bits) * size + (12.0 * len(set(reading.items)) if proven else 0.0)
    gained = value.before - reading.bits
    if evidence < _BITS + 8 * (value.key_bytes - 1) or gained < (_GAIN_PROVEN if proven else _GAIN):
        return False
    if value.layers == ("reversed",) and not proven and not _was_turned(plain):
        return False
    if proven:
        return reading.score >= 0.35 and not (value.legible and _is_weak(reading))
    if value.legible and not _is_plainer(value, gained, size):
        return False
    if reading.kind in _FORMED:
        return reading.score >= 0.5
    if reading.kind is Hiding.WORDS and value.legible and len(plain) < _LEAST_WORDS * len(reading.items):
        return False
    return _is_written(reading, size, strict=value.legible or value.key_bytes > 1)


def _was_turned(plain: bytes) -> bool:
    """Whether reading from the end makes so much more of the letters that somebody must have turned them round."""
    letters = plain[:512].translate(_LETTERS_ONLY)
    gained = bits_a_byte(letters[::-1]) - bits_a_byte(letters)
    likely = bits_a_byte(letters) < _TURNED
    return likely and gained > _TURN_TEXT and gained * len(letters) > _TURN_PROOF


def _is_plainer(value: Value, gained: float, size: int) -> bool:
    """Whether a printable text became so much likelier that a key must have been on it.

    A turn of the letters leaves all else in its place, so that it can gain less than other keys.
    """
    letters_only = value.layers[-1].endswith(("(letters)", "alphabet", "reversed"))
    return size >= (30 if letters_only else 40) and gained >= (_GAIN if letters_only else 2 * _GAIN)


def _is_weak(reading: Reading) -> bool:
    """A list of names that a change of letters can make of other text by chance."""
    return reading.bits > _WRITTEN + 0.5 or (len(set(reading.items)) < 2 and "://" not in reading.items[0])


def _is_written(reading: Reading, size: int, *, strict: bool) -> bool:
    """Text and words have no form that proves them: they must be likely letter by letter, and more so if strict."""
    part = reading.text[:4096]
    if part.isascii() and reading.bits > (_WRITTEN - 0.3 if strict else _WRITTEN):
        return False
    if len(set(part)) < _VARIETY_WRITTEN or not (part.isascii() or is_prose(part, known=True)):
        return False
    letters = sum(map(str.isalpha, part))
    if letters < (0.75 if strict and part.isascii() else 0.62) * len(part) or (strict and size < 30):
        return False
    return reading.score >= (0.55 if size >= 30 else 0.7)


def repeats(data: bytes) -> bool:
    """True for what begins with the same few bytes over and over: a table, not text."""
    part = data[:_GLANCE]
    return 2 * len({part[at : at + 4] for at in range(len(part))}) < len(part)


def rank(reading: Reading) -> float:
    """Of several believable readings the least is to be taken: likely letter by letter, and of a form."""
    return reading.bits - reading.score * (2.0 if reading.kind in _PROVEN else 0.7)
