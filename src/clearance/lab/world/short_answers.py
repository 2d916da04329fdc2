"""What the model says where no tool is called: titles, summaries, probes, and JSON where the request wants it."""

import json
import re
from collections.abc import Iterable, Mapping

from clearance.lab.world.filler import Filler
from clearance.lab.world.vocabulary import words_of
from clearance.model.wire.jsontree import Json, encode_text, text
from clearance.model.wire.request import ModelRequest

TITLE = "Project check"
SUMMARY = "The project was looked at and a short check was run. Nothing else is left to do."
_SIDE_JOB = re.compile(
    r"\btitle\b|\bsummar(y|ies|ize|ise|izing|ising)\b|\btopic\b|\bclassif(y|ier)\b|\bcommit message\b|\bin \d+ words\b|"
    r"\bslug\b|\bautocomplete\b|\bnext prompt\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\btitle\b|\btopic\b|\bslug\b|\bname\b", re.IGNORECASE)
_JSON = re.compile(
    r"\b(respond|reply|answer|return|output|generate|produce|format|provide)\w*\b[^\n]{0,80}\bJSON\b", re.IGNORECASE
)
_FIELD = re.compile(r"[\"'`](\w{1,40})[\"'`](?:\s*\(([^)\n]{0,60})\))?")
_ENOUGH = 20000
"""Characters of a prompt that are looked at."""


def is_side_job(request: ModelRequest) -> bool:
    """True for a request beside the conversation: a quota probe, a title, a summary, a classification.

    Asked only of requests that offer no tool; one that does is a side job when it leaves no room for a call.
    """
    if request.max_tokens is not None and request.max_tokens <= 8:
        return True
    return wants_json(request) or bool(_SIDE_JOB.search(_instructions(request)))


def wants_json(request: ModelRequest) -> bool:
    """True when the answer's text has to be JSON: by a parameter, or because the prompt says so."""
    return request.wants_json or bool(_JSON.search(_instructions(request)))


def side_answer(request: ModelRequest) -> str:
    """The text for such a request."""
    if wants_json(request):
        return json_answer(request)
    if request.max_tokens is not None and request.max_tokens <= 8:
        return "OK"
    return TITLE if _TITLE.search(_instructions(request)) else SUMMARY


def json_answer(request: ModelRequest) -> str:
    """JSON for the schema that the request carries, else after the example or the fields that its prompt names."""
    if request.json_schema is not None:
        return encode_text(Filler(dict(request.json_schema), suggest=_suggest).value())
    told = _instructions(request)
    example = _example(told)
    return encode_text(_like(example) if example else _named(told))


def _instructions(request: ModelRequest) -> str:
    return request.system[:_ENOUGH] if request.system.strip() else request.user[:_ENOUGH]


def _suggest(path: tuple[str, ...], schema: Mapping[str, Json]) -> Iterable[Json]:
    if "enum" in schema or "const" in schema:
        return
    words = words_of(path[-1]) if path else ()
    yield TITLE if {"title", "name", "topic", "subject"}.intersection(words) else SUMMARY


def _example(told: str) -> dict[str, Json]:
    """The first JSON object with members in the text."""
    decoder = json.JSONDecoder()
    for found in list(re.finditer(r"\{", told))[:20]:
        try:
            value, _ = decoder.raw_decode(told[found.start() : found.start() + 2000])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value:
            return value
    return {}


def _like(example: dict[str, Json]) -> Json:
    return {name: _same_kind(name, value) for name, value in example.items()}


def _same_kind(name: str, value: Json) -> Json:
    """The example's own value, except a sentence: that is said in our words."""
    if not isinstance(value, str) or re.fullmatch(r"[A-Za-z_-]{1,24}", value):
        return value
    return TITLE if "title" in words_of(name) else SUMMARY


def _named(told: str) -> Json:
    out: dict[str, Json] = {}
    for name, kind in _FIELD.findall(told)[:8]:
        out[name] = False if "bool" in text(kind).lower() else TITLE
    return out
