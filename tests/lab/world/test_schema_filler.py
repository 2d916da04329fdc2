import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.world.arguments import Place, call_for
from clearance.lab.world.filler import Filler
from clearance.lab.world.schema import fits
from clearance.lab.world.tools import plan
from clearance.model.wire.jsontree import Json
from clearance.model.wire.request import Tool

NAMES = st.sampled_from(
    [
        "path",
        "file_path",
        "command",
        "cmd",
        "pattern",
        "content",
        "description",
        "timeout",
        "limit",
        "files",
        "todos",
        "id",
        "mode",
        "url",
        "x",
    ]
)


def strings() -> st.SearchStrategy[Json]:
    plain = st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={"description": st.sampled_from(["", "absolute path"]), "default": st.just("d")},
    )
    sized = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
        lambda pair: {"type": "string", "minLength": min(pair), "maxLength": max(pair)}
    )
    shaped = st.sampled_from(
        [{"type": "string", "pattern": pattern} for pattern in ("^/", "^[a-z]+$", r"^\d+$", r"^v\d", "a|b", "[A-Z]")]
    )
    listed = st.lists(st.text(max_size=4), min_size=1, max_size=3).map(
        lambda values: {"type": "string", "enum": values}
    )
    return plain | sized | shaped | listed | st.just({"const": "fixed"})


def numbers() -> st.SearchStrategy[Json]:
    def bounded(kind: str, low: int, span: int, step: int) -> Json:
        return {"type": kind, "minimum": low, "maximum": low + span + step, "multipleOf": step}

    whole = st.builds(
        bounded, st.sampled_from(["integer", "number"]), st.integers(-50, 50), st.integers(0, 9), st.integers(1, 5)
    )
    open_ended = st.builds(lambda low: {"type": "number", "exclusiveMinimum": low}, st.integers(-9, 9))
    narrow = st.builds(
        lambda low: {"type": "number", "exclusiveMinimum": low, "exclusiveMaximum": low + 1}, st.integers(-9, 9)
    )
    return whole | open_ended | narrow


def objects(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    def build(properties: dict[str, Json], required: set[str], closed: bool) -> Json:
        return {
            "type": "object",
            "properties": properties,
            "required": sorted(required & set(properties)),
            **({"additionalProperties": False} if closed else {}),
        }

    return st.builds(build, st.dictionaries(NAMES, inner, max_size=4), st.sets(NAMES, max_size=4), st.booleans())


def compound(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    arrays = st.builds(
        lambda item, least: {"type": "array", "items": item, "minItems": least}, inner, st.integers(0, 3)
    )
    either = st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches})
    nullable = inner.map(lambda branch: {"oneOf": [{"type": "null"}, {"allOf": [branch], "not": {"type": "null"}}]})
    return objects(inner) | arrays | either | nullable


SCHEMAS = st.recursive(
    strings() | numbers() | st.just({"type": "boolean"}) | st.just({"type": ["string", "null"]}) | st.just({}),
    compound,
    max_leaves=8,
)


@given(schema=SCHEMAS)
def test_what_is_filled_follows_the_schema(schema: Json) -> None:
    jsonschema.Draft202012Validator(schema).validate(Filler(schema).value())


@pytest.mark.long
@given(schema=objects(SCHEMAS), name=st.sampled_from(["read_file", "bash", "glob", "write_file", "thing", "ask_user"]))
def test_arguments_for_a_turn_follow_the_schema_of_the_tool(schema: dict[str, Json], name: str) -> None:
    for step in plan((Tool(name=name, schema=schema),)):
        call = call_for(step, Place(project="/p"), id="c", said="because")
        jsonschema.Draft202012Validator(schema).validate(dict(call.arguments))


@given(
    schema=SCHEMAS,
    value=st.none()
    | st.booleans()
    | st.integers(-60, 60)
    | st.text(max_size=6)
    | st.lists(st.integers(0, 3), max_size=3),
)
def test_fits_agrees_with_the_reference(schema: Json, value: Json) -> None:
    assert fits(value, schema, schema) == jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {"node": {"$ref": "#/$defs/n"}},
            "required": ["node"],
            "$defs": {
                "n": {
                    "type": "object",
                    "properties": {"next": {"$ref": "#/$defs/n"}, "v": {"type": "integer"}},
                    "required": ["v"],
                }
            },
        },
        {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2},
        {"type": "object", "minProperties": 2, "additionalProperties": {"type": "number"}},
        {"type": "object", "properties": {"when": {"type": "string", "format": "date-time"}}, "required": ["when"]},
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"properties": {"b": {"const": 3}}, "required": ["b"]},
            ]
        },
        {"type": "object", "required": ["unnamed"]},
        {"type": "object", "properties": {"m": {"type": "string", "minLength": 400}}, "required": ["m"]},
    ],
)
def test_the_rarer_keywords_are_followed_too(schema: Json) -> None:
    jsonschema.Draft202012Validator(schema).validate(Filler(schema).value())


def test_capital_types_of_gemini_are_understood() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {
            "n": {"type": "INTEGER"},
            "s": {"type": "STRING", "nullable": True},
            "l": {"type": "ARRAY", "minItems": "2", "items": {"type": "BOOLEAN"}},
        },
        "required": ["n", "s", "l"],
    }
    assert Filler(schema).value() == {"n": 1, "s": "clearance", "l": [False, False]}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {
            "type": "array",
            "minItems": 10**9,
            "items": {"type": "array", "minItems": 10**9, "items": {"type": "array", "minItems": 10**9}},
        },
        {"type": "string", "minLength": 10**12},
        {"type": "string", "pattern": "(a+)+$", "minLength": 40},
        {"anyOf": [{"anyOf": [{"$ref": "#"}] * 16}] * 16},
        {"type": "number", "minimum": 1e308, "multipleOf": 1e-300},
        {"type": "integer", "minimum": 10**400, "multipleOf": 0.5},
        {"const": 10**400, "multipleOf": 0.5},
        {"enum": []},
        {"not": {}},
        False,
        {"type": "object", "minProperties": 10**9},
    ],
)
@pytest.mark.timeout(20)
def test_a_schema_that_nobody_can_follow_ends_in_some_value(schema: Json) -> None:
    Filler(schema).value()
    Filler(schema).arguments()
