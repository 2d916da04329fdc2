"""Arguments from a schema: the smallest value that fits, with suggestions taken where they fit.

What comes out follows the schema wherever the schema can be followed; nothing here is random.
"""

import math
from collections.abc import Callable, Iterable, Mapping

from clearance.lab.world.schema import MAX_DEPTH, fits, joined, number, resolve, size, types_of
from clearance.model.wire.jsontree import Json, items, mapping, text

Suggest = Callable[[tuple[str, ...], Mapping[str, Json]], Iterable[Json]]
"""Values worth trying at a place (property names from the root; array members keep their array's), best first."""
Wanted = Callable[[tuple[str, ...], Mapping[str, Json]], bool]
"""Whether an optional property is filled too."""

_FORMATS: dict[str, Json] = {
    "date": "2025-01-01",
    "date-time": "2025-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "email": "dev@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_WORDS = ("clearance", "a", "A", "1", "0", "abc", "a-b", "a_b", "v1", "1.0.0", "/", "./a", "#000000", "2025-01-01", "")
_EXHAUSTED = 5000
"""Places filled in one value; a schema that wants more gets what is there."""


def nothing_suggested(path: tuple[str, ...], schema: Mapping[str, Json]) -> tuple[Json, ...]:
    """The suggestion of somebody who knows nothing."""
    del path, schema
    return ()


def nothing_wanted(path: tuple[str, ...], schema: Mapping[str, Json]) -> bool:
    """Required properties only."""
    del path, schema
    return False


class Filler:
    """Fills one schema."""

    def __init__(self, root: Json, *, suggest: Suggest = nothing_suggested, wanted: Wanted = nothing_wanted) -> None:
        self._root = root
        self._suggest = suggest
        self._wanted = wanted
        self._left = _EXHAUSTED

    def value(self) -> Json:
        """A value for the whole schema."""
        return self._fill(self._root, ())

    def arguments(self) -> dict[str, Json]:
        """The same for a tool: always an object."""
        return mapping(self._fill({"type": "object", **mapping(self._root)}, ()))

    def _fill(self, schema: Json, path: tuple[str, ...], depth: int = 0) -> Json:
        tree = resolve(schema, self._root)
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return None
        for value in self._candidates(tree, path):
            if fits(value, tree, self._root):
                return value
        return self._branched(tree, path, depth)

    def _candidates(self, tree: Mapping[str, Json], path: tuple[str, ...]) -> Iterable[Json]:
        yield from self._suggest(path, tree)
        if "const" in tree:
            yield tree["const"]
        yield from items(tree.get("enum"))
        if "default" in tree and path:
            yield tree["default"]

    def _branched(self, tree: dict[str, Json], path: tuple[str, ...], depth: int) -> Json:
        for key in ("anyOf", "oneOf"):
            branches = items(tree.get(key))[:16]
            if not branches:
                continue
            rest = {name: value for name, value in tree.items() if name != key}
            value: Json = None
            for branch in branches:
                value = self._fill(joined(rest, resolve(branch, self._root)), path, depth + 1)
                if fits(value, tree, self._root):
                    return value
            return value
        return self._typed(tree, path, depth)

    def _typed(self, tree: dict[str, Json], path: tuple[str, ...], depth: int) -> Json:
        value: Json = None
        for kind in types_of(tree) or (_implied(tree),):
            value = self._of_type(kind, tree, path, depth)
            if fits(value, tree, self._root):
                break
        return value

    def _of_type(self, kind: str, tree: dict[str, Json], path: tuple[str, ...], depth: int) -> Json:
        match kind:
            case "object":
                return self._object(tree, path, depth)
            case "array":
                return self._array(tree, path, depth)
            case "string":
                return _string(tree)
            case "integer" | "number":
                return _number(tree, whole=kind == "integer")
            case "boolean":
                return next((value for value in (False, True) if fits(value, tree, self._root)), False)
            case _:
                return None

    def _object(self, tree: dict[str, Json], path: tuple[str, ...], depth: int) -> dict[str, Json]:
        known, out = mapping(tree.get("properties")), {}
        required = [name for name in items(tree.get("required")) if isinstance(name, str)]
        for name, schema in known.items():
            place = (*path, name)
            if name in required or self._wanted(place, resolve(schema, self._root)):
                out[name] = self._fill(schema, place, depth + 1)
        rest = tree.get("additionalProperties")
        for name in required[:_EXHAUSTED]:
            if name not in out:
                out[name] = self._fill(rest, (*path, name), depth + 1)
        self._pad(out, tree, path, depth)
        return out

    def _pad(self, out: dict[str, Json], tree: dict[str, Json], path: tuple[str, ...], depth: int) -> None:
        """More members, where the schema wants a number of them: known ones first."""
        short = min(size(tree.get("minProperties")), 64)
        known = mapping(tree.get("properties"))
        spare = (*(name for name in known if name not in out), *(f"key{index}" for index in range(short)))
        for name in spare:
            if len(out) >= short:
                return
            out[name] = self._fill(known.get(name, tree.get("additionalProperties")), (*path, name), depth + 1)

    def _array(self, tree: dict[str, Json], path: tuple[str, ...], depth: int) -> list[Json]:
        first = items(tree.get("prefixItems"))
        most = size(tree.get("maxItems"), 1 << 20)
        # One member even where none is needed at the top: a tool called with an empty list does nothing.
        usual = 1 if len(path) <= 1 and "items" in tree else 0
        length = min(max(size(tree.get("minItems")), min(usual, most)), 64)
        out: list[Json] = []
        for index in range(length):
            schema = first[index] if index < len(first) else tree.get("items")
            out.append(self._member(schema, path, depth, out if tree.get("uniqueItems") is True else []))
        if size(tree.get("minItems")) == 0 and not fits(out, tree, self._root):
            return []
        return out

    def _member(self, schema: Json, path: tuple[str, ...], depth: int, taken: list[Json]) -> Json:
        value = self._fill(schema, path, depth + 1)
        if value not in taken:
            return value
        tree = resolve(schema, self._root)
        others = (*items(tree.get("enum")), *_others(value, len(taken)))
        return next((other for other in others if other not in taken and fits(other, tree, self._root)), value)


def _others(value: Json, count: int) -> tuple[Json, ...]:
    if isinstance(value, bool):
        return (True, False)
    if isinstance(value, int | float):
        return tuple(value + step for step in range(1, count + 2))
    if isinstance(value, str):
        return tuple(f"{value}{step}" for step in range(1, count + 2))
    return ()


def _implied(tree: Mapping[str, Json]) -> str:
    if "properties" in tree or "required" in tree or "additionalProperties" in tree:
        return "object"
    return "array" if "items" in tree else "string"


def _string(tree: dict[str, Json]) -> str:
    least, most = min(size(tree.get("minLength")), 1 << 16), size(tree.get("maxLength"), 1 << 16)
    written = text(_FORMATS.get(text(tree.get("format"))))
    for word in (written, *_WORDS) if written else _WORDS:
        for sized in (word, (word + "a" * least)[: max(least, len(word))], word[: max(0, most)]):
            if fits(sized, tree, None):
                return sized
    return ("a" * least)[: max(0, most)]


def _number(tree: dict[str, Json], *, whole: bool) -> int | float:
    low, high = number(tree.get("minimum")), number(tree.get("maximum"))
    above, below = number(tree.get("exclusiveMinimum")), number(tree.get("exclusiveMaximum"))
    step = number(tree.get("multipleOf"))
    tries: list[int | float] = [1, 0]
    for bound in (low, high, above, below):
        if bound is not None and math.isfinite(bound):
            tries += [bound, math.floor(bound), math.ceil(bound), math.floor(bound) + 1, math.ceil(bound) - 1]
    if above is not None and below is not None:
        tries.append((above + below) / 2)
    if step and abs(step) > 1e-12:
        tries += [step, *(math.ceil(bound / step + extra) * step for bound in tries[:] for extra in (0, 1))]
    fitting = (int(value) if value == int(value) else value for value in tries if math.isfinite(value))
    return next((value for value in fitting if fits(value, tree, None) and not (whole and value != int(value))), 1)
