"""Bytes and code points that are written one by one: lists of numbers in code, and calls that make a letter each."""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.numbers import from_numbers, numbers_in
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.script import Script

_LEAST_NUMBERS: Final = 16
_NUMBER: Final = rb"(?:0[xX][0-9A-Fa-f]{1,6}+|[0-9]{1,7}+)"
_LIST: Final = re.compile(_NUMBER + rb"(?:[,;\s]{1,80}+-?+" + _NUMBER + rb"){15,}+")
_INNER: Final = re.compile(rb"\[[^\[\]]{5,4000}\]")
_NESTED: Final = re.compile(
    rb"(?:\[\s{0,80}+-?+"
    + _NUMBER
    + rb"(?:[,;\s]{1,80}+-?+"
    + _NUMBER
    + rb"){3,999}+\s{0,80}+\]\s{0,80}+,?\s{0,80}+){3,}+"
)
_JOINTS: Final = (b"],[", b"], [", b"],\n")
_NEST: Final = 4000
_VARIETY: Final = 12
_CLOSE: Final = 10
_AROUND: Final = 600
_BACK: Final = 128
_STEP: Final = 256
_MOST_WRITTEN: Final = 4 << 20
_MAKERS: Final = (b"chr", b"fromCharCode", b"fromCodePoint")


def number_lists(script: Script, data: bytes) -> Iterator[Value]:
    """Each list of 16 and more small numbers outside of literals as the bytes that it may stand for."""
    at = 0
    for begin in _dense(data):
        if begin < at:
            continue
        nested = None
        if any(joint in data[begin : begin + _NEST // 8] for joint in _JOINTS):
            nested = _NESTED.search(data, max(at, begin - _BACK), begin + _NEST)
        if nested and script.covers(nested.start()) < 0:
            yield from _nested(nested.group(), nested.start())
            at = nested.end()
            continue
        match = _LIST.search(data, max(at, begin - _BACK), begin + _AROUND)
        if match and (whole := _LIST.match(data, match.start())) and script.covers(match.start()) < 0:
            signed = data[match.start() - 1 : match.start()] == b"-"
            yield from _values(
                data[match.start() - signed : min(whole.end(), match.start() + _MOST_WRITTEN)], match.start()
            )
            at = whole.end()
    yield from _called(script, data)


def _dense(data: bytes) -> list[int]:
    """Where many commas with a digit behind them stand close together, a place for each some hundred bytes."""
    octets = np.frombuffer(data, np.uint8)
    commas = np.flatnonzero(octets[:-2] == ord(","))
    behind, next_but_one = octets[commas + 1] - ord("0"), octets[commas + 2] - ord("0")
    commas = commas[(behind < 10) | (next_but_one < 10)]
    close = commas[_CLOSE:] - commas[:-_CLOSE] < _AROUND
    found = commas[:-_CLOSE][close]
    steps = found // _STEP
    return found[np.concatenate(([True], steps[1:] != steps[:-1]))].tolist() if len(found) else []


def _called(script: Script, data: bytes) -> Iterator[Value]:
    """``chr(104) + chr(116) + …``."""
    for maker in _MAKERS:
        if maker in data:
            for match in _calls(maker).finditer(data):
                if script.covers(match.start()) < 0:
                    yield from _values(match.group(), match.start())


@functools.cache
def _calls(maker: bytes) -> re.Pattern[bytes]:
    """Ten and more calls of one function with one number each, with nothing but signs and a name's begin between."""
    call = maker + rb"\(\s{0,4}+" + _NUMBER + rb"\s{0,4}+\)"
    return re.compile(call + rb"(?:[\s+,.&\\]{0,80}+(?:\w{1,20}\.)?" + call + rb"){9,}+")


def _nested(written: bytes, place: int) -> Iterator[Value]:
    """Lists in a list: the parts of one value."""
    lists = [numbers_in(one) for one in _INNER.findall(written)]
    if max(map(max, lists)) < 256 and len(set().union(*lists)) >= _VARIETY:
        parts = tuple(bytes(number & 255 for number in numbers) for numbers in lists)
        yield Value(parts=parts, place=place, written=len(written), layers=("char codes",))


def _values(written: bytes, place: int) -> Iterator[Value]:
    numbers = numbers_in(written)
    if len(numbers) < _LEAST_NUMBERS - 6 or all(one <= other for one, other in pairwise(numbers)):  # a table, no text
        return
    for layer, inside in from_numbers(numbers):
        if len(set(inside[:4096])) >= 5:
            yield Value(parts=(inside,), place=place, written=len(written), layers=(layer,))
