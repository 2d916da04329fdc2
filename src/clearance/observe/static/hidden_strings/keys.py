"""Keys tried on what stays opaque: the cheap kinds on every value, the costly ones on the first of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.belief import said_either_way
from clearance.observe.static.hidden_strings.call_keys import CallKeys
from clearance.observe.static.hidden_strings.likelihood import Bytes
from clearance.observe.static.hidden_strings.long_keys import LongKeys
from clearance.observe.static.hidden_strings.named_keys import MOST_RC4_VALUES, NamedKeys, shown
from clearance.observe.static.hidden_strings.one_byte import compressed, headed, picked, streamed, turned
from clearance.observe.static.hidden_strings.running import CHANGES, counted, counting_keys, may_be_ascii
from clearance.observe.static.hidden_strings.scrambles import CODED, guesses
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.written import is_opaque, is_varied, is_written

MOST_NAMED: Final = 2048
"""Values of a member that are tried with the literals around them."""
MOST_RUNNING: Final = 1024
"""Values that are tried with keys that depend on the byte before or on the place."""
MOST_COUNTING: Final = 64
"""Values that are tried with each key that counts up or down."""
MOST_STREAMS: Final = 24
"""Values that are tried as a stream without a mark under each one-byte key."""
_DIGESTS: Final = (16, 20, 28, 32, 48, 64)
"""Bytes of the usual hashes."""
_MANY: Final = 24
_LONGEST_RUNNING: Final = 4096
_MOST_RUNNING_PARTS: Final = 64
_PROBE: Final = 64
_LEAST_COUNTING: Final = 16


class Keys:
    """Every kind of key, with what is left of the costly ones for this member."""

    def __init__(self, named: NamedKeys, calls: CallKeys) -> None:
        self._named, self._calls, self._long = named, calls, LongKeys()
        self._names, self._running, self._counting = MOST_NAMED, MOST_RUNNING, MOST_COUNTING
        self._streams, self._ciphers = MOST_STREAMS, MOST_RC4_VALUES

    def tried(self, values: Sequence[Value]) -> list[Value]:
        """What the values are under their best keys: none, one, or a few to choose from for each."""
        values = [value for value in values if value.joined and not is_written(value)]
        found: list[Value] = []
        left: list[Value] = []
        for value, options in zip(values, guesses([value.joined for value in values]), strict=True):
            found += picked(value, options)
            if value.quick:
                continue
            found += [*compressed(value), *turned(value)]
            if (value.layers and not value.guessed) or is_opaque(value.joined):
                left.append(value)
        left = _worth_more(_unsolved(left, found))
        for kind in (self._named_ones, self._long.tried, self._called_ones, self._ran, self._streamed_ones):
            good = list(kind(left))
            left = _unsolved(left, good)
            found += good
        return found

    def _named_ones(self, values: Sequence[Value]) -> Iterator[Value]:
        """Keys that are literals nearby."""
        some = [value for value in values if is_varied(value.joined)][: self._names]
        self._names -= len(some)
        for value in some:
            for key, parts in self._named.xored(value.parts, value.place):
                inner = value.unlocked(f"xor {shown(key)}", parts, free=1)
                if _reads(inner):
                    yield inner
        few = [value for value in some if value.layers and not value.guessed and len(value.joined) <= _LONGEST_RUNNING]
        few = few[: self._ciphers]
        self._ciphers -= len(few)
        for index, key, parts in self._named.enciphered([(value.parts, value.place) for value in few]):
            yield few[index].unlocked(f"rc4 {shown(key)}", parts, free=1)

    def _called_ones(self, values: Sequence[Value]) -> Iterator[Value]:
        """Lists whose items have a key each, where they are asked for."""
        for value in values:
            coded = value.layers and value.layers[0].startswith("base64")
            if coded and (parts := self._calls.deciphered(value.parts)):
                yield value.unlocked("rc4 key at each call", parts, free=1)

    def _streamed_ones(self, values: Sequence[Value]) -> Iterator[Value]:
        """Compressed streams under a key."""
        for value in values:
            yield from headed(value)
        some = values[: self._streams]
        self._streams -= len(some)
        for value in some:
            yield from streamed(value)

    def _ran(self, values: Sequence[Value]) -> Iterator[Value]:
        """Keys that run with the place."""
        some = [value for value in values if value.locked and _may_run(value)][: self._running]
        self._running -= len(some)
        octets = [[np.frombuffer(part[:_LONGEST_RUNNING], np.uint8) for part in value.parts] for value in some]
        for layer, change in CHANGES.items():
            changed = [
                value.unlocked(layer, tuple(change(part).tobytes() for part in parts), free=1)
                for value, parts in zip(some, octets, strict=True)
                if may_be_ascii(change(max(parts, key=len))[:_PROBE])
            ]
            changed = [inner for inner in changed if inner.joined]
            for inner, keys in zip(changed, guesses([inner.joined for inner in changed]), strict=True):
                if _reads(inner):
                    yield inner
                yield from picked(inner, [guess for guess in keys if guess.bits < CODED])
        few = min(len(some), self._counting)
        self._counting -= few
        for value, parts in zip(some[:few], octets[:few], strict=True):
            yield from _counted(value, parts)


def _may_run(value: Value) -> bool:
    return len(value.parts) <= _MOST_RUNNING_PARTS and all(value.parts) and is_varied(value.joined)


def _counted(value: Value, parts: Sequence[Bytes]) -> Iterator[Value]:
    longest = max(parts, key=len)
    for key, step in counting_keys(longest) if len(longest) >= _LEAST_COUNTING else ():
        plain = tuple(counted(part, key, step).tobytes() for part in parts)
        inner = value.unlocked(f"xor {key} plus {step} a place", plain, free=2)
        if _reads(inner):
            yield inner


def _worth_more(values: Sequence[Value]) -> list[Value]:
    """Those that the costly kinds of keys are tried on: no digests of a long list of them, nothing guessed at twice."""
    sizes = Counter(len(value.joined) for value in values)
    digests = {size for size in _DIGESTS if sizes[size] > _MANY}
    return [value for value in values if value.guessed < 2 and value.locked and len(value.joined) not in digests]


def _unsolved(values: Sequence[Value], found: Sequence[Value]) -> list[Value]:
    """Those values of whose place nothing that was found can be read."""
    solved = {value.place for value in found if _reads(value)}
    return [value for value in values if value.place not in solved]


def _reads(value: Value) -> bool:
    return said_either_way(value) is not None
