"""A decoded JSON value cut into leaves, by place.

Key order and list order are leaves of their own; numbers keep their spelling; a key that is there twice is two places;
a list of many records without names is read as one.
"""

import contextlib
import functools
import json
import re
from collections.abc import Iterable, Iterator

Leaf = tuple[str, str]
"""A place below the request, and the text that stood there."""

BATCH = 8
"""Records; a longer list of nameless records is read as a batch."""
FEW = 4
"""Values of one field of a batch that are compared as they are."""
_WORD = re.compile(r"[A-Za-z_.:/ -]{2,80}")
_FORM = re.compile(r"[0-9a-fA-F]+")

_NAMED_BY = ("name", "id", "key", "type", "role")
_DEEPEST = 60
_OPENING = frozenset("{[")
_EMBEDDED = 8
"""Levels that JSON in a string counts for; below that many it is a text."""


class _Number(str):
    """A number as it is spelt: ``0.50`` is another text than ``0.5``. To ``type(…) is str`` it is no string."""

    __slots__ = ()


def parsed(text: str | bytes, repeated: list[str] | None = None) -> object:
    """JSON with spelt numbers and without lost keys. Raises ValueError, RecursionError.

    ``repeated`` takes the keys that an object holds twice with the same value, which then count once: that they are
    there twice is how it is written. Without it they are kept, as are keys with another value.
    """
    number = functools.lru_cache(maxsize=1024)(_Number)  # millions of equal ones need room once
    return json.loads(
        text,
        parse_int=number,
        parse_float=number,
        parse_constant=number,
        object_pairs_hook=lambda pairs: _every_key(pairs, repeated),
    )


def _every_key(pairs: list[tuple[str, object]], repeated: list[str] | None) -> dict[str, object]:
    """An object; a key that comes again with another value is kept as ``key#2``."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    every: dict[str, object] = {}
    last: dict[str, object] = {}
    counts: dict[str, int] = {}
    for key, value in pairs:
        if repeated is not None and key in last and _same(last[key], value):
            repeated.append(key)
            continue
        last[key] = value
        name = key
        while name in every:
            counts[key] = counts.get(key, 1) + 1
            name = f"{key}#{counts[key]}"
        every[name] = value
    return every


def _same(one: object, other: object) -> bool:
    """Equal in every leaf, in the same order and spelling; scalars only, so that it costs nothing."""
    return type(one) is type(other) and not isinstance(one, dict | list) and one == other


def json_leaves(value: object, path: str, depth: int = 0) -> Iterator[Leaf]:
    """Every scalar, key order and list order below a decoded JSON value.

    One generator for all of it: a leaf that is handed up level by level costs as much as it lies deep.
    """
    within: list[tuple[Iterator[tuple[str, object]], int]] = [(iter(((path, value),)), depth)]
    while within:
        members, depth = within[-1]
        for place, inner in members:
            if type(inner) is str:
                yield place, inner
                if depth < _EMBEDDED and inner[:1] in _OPENING and (within_text := _embedded(inner)) is not None:
                    within.append((iter(((f"{place}:json", within_text),)), depth + _EMBEDDED))
                    break
            elif not isinstance(inner, dict | list):
                yield place, _scalar(inner)
            elif depth > _DEEPEST:
                yield place, _flat(inner)
            elif isinstance(inner, list) and _is_batch(inner):
                yield from _batch_leaves(inner, place, depth)
            else:
                what, listed, below = _members(inner, place)
                yield f"{place}/{what}", listed
                within.append((below, depth + 1))
                break
        else:
            within.pop()


def _members(value: dict[str, object] | list[object], path: str) -> tuple[str, str, Iterator[tuple[str, object]]]:
    """What the order of an object's or a list's members is called, that order, and the members by place."""
    if isinstance(value, dict):
        return "keys", "\n".join(value), zip(map(f"{path}/".__add__, value), value.values(), strict=True)
    names = _element_names(value)
    return "order", "\n".join(names), zip((f"{path}[{name}]" for name in names), value, strict=True)


def _is_batch(values: list[object]) -> bool:
    """Many records of one kind, as telemetry sends them: their number and order are the sender's rhythm."""
    return len(values) > BATCH and all(
        isinstance(v, dict) and not {"name", "id", "role", "content"} & v.keys() for v in values
    )


def _batch_leaves(values: list[object], path: str, depth: int) -> Iterator[Leaf]:
    """One place for each field of the records.

    A field with few values is compared by them; of one with many, words (names of events) are places of their own and
    everything else (ids, times) by form only: many random values have no stable order to compare them in.
    """
    seen: dict[str, set[str]] = {}
    record = _Field(f"{path}[*]")
    for value in values:
        record.fill(value, depth + 1, seen)
    for place, texts in seen.items():
        if len(texts) <= FEW:
            yield place, "\n".join(sorted(texts))
            continue
        yield from ((f"{place} = {text}", "sent") for text in sorted(texts) if _WORD.fullmatch(text))
        if len(forms := _forms(texts)) <= FEW:
            yield f"{place} forms", "\n".join(sorted(forms))


def _forms(texts: Iterable[str]) -> set[str]:
    """The forms of those that are no words, as soon as there are more than a few only some of them."""
    forms: set[str] = set()
    for text in texts:
        if len(forms) > FEW:
            break
        if not _WORD.fullmatch(text):
            forms.add(_FORM.sub("0", text)[:40])
    return forms


class _Field:
    """A field of the records of a batch, with its own fields: its place is put together once, not for each record."""

    __slots__ = ("_fields", "_listed", "_place", "_texts")

    def __init__(self, place: str) -> None:
        self._place = place
        self._texts: set[str] | None = None
        self._listed: set[str] | None = None
        self._fields: dict[str, _Field] | None = None

    def fill(self, value: object, depth: int, seen: dict[str, set[str]]) -> None:
        """Add what ``json_leaves`` says of the value here to the texts seen by place."""
        if type(value) is dict and depth <= _DEEPEST:
            self._fill_fields(value, depth, seen)
        elif type(value) is list or (type(value) is str and value[:1] in _OPENING) or depth > _DEEPEST:
            for place, text in json_leaves(value, self._place, depth):
                seen.setdefault(place, set()).add(text)
        else:
            if self._texts is None:
                self._texts = seen.setdefault(self._place, set())
            self._texts.add(value if type(value) is str else _scalar(value))

    def _fill_fields(self, value: dict[str, object], depth: int, seen: dict[str, set[str]]) -> None:
        if self._listed is None or self._fields is None:
            self._listed, self._fields = seen.setdefault(f"{self._place}/keys", set()), {}
        self._listed.add("\n".join(value))
        for key, inner in value.items():
            if (field := self._fields.get(key)) is None:
                field = self._fields[key] = _Field(f"{self._place}/{key}")
            field.fill(inner, depth + 1, seen)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    return "true" if value is True else "false" if value is False else "null" if value is None else json.dumps(value)


def _flat(value: object) -> str:
    """A value below the deepest place that has a name, as one text; without recursion, it may be deep."""
    pieces: list[str] = []
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            pieces.append(f"{{{len(current)}")
            waiting += [part for key, inner in reversed(current.items()) for part in (inner, key)]
        elif isinstance(current, list):
            pieces.append(f"[{len(current)}")
            waiting += reversed(current)
        else:
            pieces.append(_scalar(current))
    return " ".join(pieces)


def _embedded(value: str) -> object:
    """JSON inside a JSON string, as telemetry likes it: its parts are places, so that noise in one hides no other.

    None when it is none.
    """
    if value[:1] in _OPENING and value[-1:] in ("}", "]") and len(value) > 2:
        with contextlib.suppress(ValueError, RecursionError):
            return parsed(value)
    return None


def _element_names(values: list[object]) -> list[str]:
    """A name for each element that survives insertions: by its name or id where it has one, else by its number."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for number, value in enumerate(values):
        name = str(number)
        if isinstance(value, dict):
            telling = (v for k in _NAMED_BY if type(v := value.get(k)) is str and _telling(k, v))
            name = next(telling, name)[:80]
        elif type(value) is str:
            name = value[:80] if len(value) <= 80 else f"{value[:40]}~{len(value)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _telling(key: str, text: str) -> bool:
    """Whether a name is worth having: an id that was drawn would make a place that no other run has."""
    return key not in ("id", "key") or len(text) < 6 or not any(c.isdigit() for c in text)
