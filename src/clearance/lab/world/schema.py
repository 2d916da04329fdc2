"""JSON schemas as tools offer them: does a value fit, as far as the common keywords say.

Gemini's capital type names and ``nullable`` are understood. A schema comes from the tool under test: its patterns are
tried only where they cannot run away, references only to a bounded depth.
"""

import re
from collections.abc import Callable, Mapping

from clearance.model.wire.jsontree import Json, at, items, mapping, text

MAX_DEPTH = 24
"""References and nesting followed; deeper a value counts as fitting."""

_TYPES: dict[str, Callable[[Json], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    ),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_REPEATED_GROUP = re.compile(r"\)[*+{?]|\\\d|[*+}][*+]")


def types_of(schema: Mapping[str, Json]) -> tuple[str, ...]:
    """The types that the schema allows, lower case; empty when it does not say."""
    said = schema.get("type")
    names = [name.lower() for entry in (said, *items(said)) if (name := text(entry))]
    if names and schema.get("nullable") is True:
        names.append("null")
    return tuple(name for name in names if name in _TYPES)


def resolve(schema: Json, root: Json) -> dict[str, Json]:
    """The schema with its reference followed and its ``allOf`` joined in. A boolean schema reads as an empty one."""
    tree = mapping(schema)
    for _ in range(MAX_DEPTH):
        reference = text(tree.get("$ref"))
        if not reference:
            break
        rest = {key: value for key, value in tree.items() if key != "$ref"}
        tree = {**mapping(_pointed(reference, root)), **rest}
    parts = items(tree.get("allOf"))[:16]
    if parts:
        tree = {key: value for key, value in tree.items() if key != "allOf"}
        for part in parts:
            tree = joined(tree, _resolved_once(part, root))
    return tree


def joined(first: Mapping[str, Json], second: Mapping[str, Json]) -> dict[str, Json]:
    """One schema that asks for both, as far as properties and required names go; else the second's word stands."""
    out = {**first, **second}
    properties = {**mapping(first.get("properties")), **mapping(second.get("properties"))}
    if properties:
        out["properties"] = properties
    required = (*items(first.get("required")), *items(second.get("required")))
    names = dict.fromkeys(name for name in required if isinstance(name, str))
    if names:
        out["required"] = list(names)
    return out


def fits(value: Json, schema: Json, root: Json, depth: int = 0) -> bool:
    """True when the value satisfies every keyword of the schema that is understood here."""
    if schema is False:
        return False
    tree = mapping(schema)
    if not tree or depth > MAX_DEPTH:
        return True
    if (reference := text(tree.get("$ref"))) and not fits(value, _pointed(reference, root), root, depth + 1):
        return False
    allowed = types_of(tree)
    if allowed and not any(_TYPES[name](value) for name in allowed):
        return False
    if value is None and tree.get("nullable") is True:
        return True
    return all(check(value, tree, root, depth + 1) for check in _CHECKS)


def searches(pattern: str, value: str) -> bool:
    """True when the pattern is found in the value, or cannot be tried safely."""
    if len(pattern) > 200 or _REPEATED_GROUP.search(pattern):
        return True
    try:
        return re.search(pattern, value[:1000]) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def number(value: Json) -> int | float | None:
    """The number, or None. True and false are not numbers; beyond a magnitude of 1e18 nobody means it."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and -1e18 <= value <= 1e18
    return value if usable and isinstance(value, int | float) else None


def size(value: Json, standard: int = 0) -> int:
    """A bound on a length: Gemini writes 64-bit numbers as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    found = number(value)
    return int(found) if found is not None and abs(found) < 1 << 40 else standard


def same(one: Json, other: Json) -> bool:
    """JSON equality: 1 and 1.0 are the same number, true and 1 are not the same value."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _pointed(reference: str, root: Json) -> Json:
    if not reference.startswith("#"):
        return None
    names = [part.replace("~1", "/").replace("~0", "~") for part in reference[1:].split("/")[1:]]
    return at(root, *names)


def _resolved_once(part: Json, root: Json) -> dict[str, Json]:
    tree = mapping(part)
    reference = text(tree.get("$ref"))
    rest = {key: value for key, value in tree.items() if key != "$ref"}
    return {**mapping(_pointed(reference, root)), **rest} if reference else tree


def _fixed(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    del root, depth
    if "const" in tree and not same(value, tree["const"]):
        return False
    listed = tree.get("enum")
    return not isinstance(listed, list) or any(same(value, entry) for entry in listed)


def _string(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    del root, depth
    if not isinstance(value, str):
        return True
    long_enough = size(tree.get("minLength")) <= len(value) <= size(tree.get("maxLength"), 1 << 40)
    pattern = text(tree.get("pattern"))
    return long_enough and (not pattern or searches(pattern, value))


def _number(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    del root, depth
    given = number(value)
    if given is None:
        return True
    low, high = number(tree.get("minimum")), number(tree.get("maximum"))
    above, below = number(tree.get("exclusiveMinimum")), number(tree.get("exclusiveMaximum"))
    step = number(tree.get("multipleOf"))
    return (
        (low is None or given >= low)
        and (high is None or given <= high)
        and (above is None or given > above)
        and (below is None or given < below)
        and (not step or given % step == 0)
    )


def _array(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    if not isinstance(value, list):
        return True
    if not size(tree.get("minItems")) <= len(value) <= size(tree.get("maxItems"), 1 << 40):
        return False
    if tree.get("uniqueItems") is True and any(same(a, b) for i, a in enumerate(value) for b in value[:i]):
        return False
    first = items(tree.get("prefixItems"))
    return all(
        fits(member, first[index] if index < len(first) else tree.get("items"), root, depth)
        for index, member in enumerate(value)
    )


def _object(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    if not isinstance(value, dict):
        return True
    if not size(tree.get("minProperties")) <= len(value) <= size(tree.get("maxProperties"), 1 << 40):
        return False
    if any(isinstance(name, str) and name not in value for name in items(tree.get("required"))):
        return False
    known = mapping(tree.get("properties"))
    rest = tree.get("additionalProperties")
    return all(fits(member, known.get(name, rest), root, depth) for name, member in value.items())


def _combined(value: Json, tree: Mapping[str, Json], root: Json, depth: int) -> bool:
    every, some, one = (items(tree.get(key))[:16] for key in ("allOf", "anyOf", "oneOf"))
    return (
        all(fits(value, branch, root, depth) for branch in every)
        and (not some or any(fits(value, branch, root, depth) for branch in some))
        and (not one or sum(fits(value, branch, root, depth) for branch in one) == 1)
        and ("not" not in tree or not fits(value, tree["not"], root, depth))
    )


_CHECKS = (_fixed, _string, _number, _array, _object, _combined)
