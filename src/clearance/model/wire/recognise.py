"""Whether a request is for a model API, and in which dialect: by path, method and body, on any host.

Vendors' hosts, custom base URLs with any prefix, and the clouds that carry a vendor's dialect under their own paths
(``/model/{model}/invoke``, ``…:rawPredict``) are told apart by how the path ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from clearance.model.profile import Dialect
from clearance.model.wire import anthropic, gemini, openai_chat, openai_responses
from clearance.model.wire.coding import decode_body
from clearance.model.wire.jsontree import Json, at, items, parse
from clearance.model.wire.request import Framing, ModelRequest, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What the path alone says of a request to a model API."""

    dialect: Dialect
    operation: Operation
    model: str = ""
    """The model that the path names, if it does."""
    streams: bool | None = None
    """Whether the path asks for a stream; None: the body says."""
    one: bool = False
    """A listing of one model."""
    sure: bool = True
    """False: other APIs use such a path too, so the body has to agree."""


def address(method: str, target: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Address | None:
    """What method and target (path and query as sent) say, or None when no model API has such a path."""
    path = unquote(_path(target)).rstrip("/")
    if method == "GET":
        return _listing(path, {name.lower() for name, _ in headers})
    if method != "POST":
        return None
    for pattern, build in _PATHS:
        if found := pattern.search(path):
            return build(found)
    return None


def read_request(
    method: str, target: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes
) -> ModelRequest | None:
    """The request to a model API, or None when it is for something else.

    Raises:
        WireError: the path is a model API's and the body cannot be read.
    """
    where = address(method, target, headers)
    if where is None:
        return None
    if where.operation is Operation.LIST_MODELS:
        return ModelRequest(
            dialect=where.dialect,
            operation=where.operation,
            framing=Framing.JSON,
            model=where.model if where.one else "",
        )
    tree = parse(decode_body(body, _header(headers, b"content-encoding")))
    if not where.sure and not _agrees(where.dialect, tree):
        return None
    return _read(where, tree, _framing(where, target, tree))


def read_message(payload: bytes) -> ModelRequest | None:
    """The request in a WebSocket message of the Responses API, or None for a message of another type.

    Raises:
        WireError: the payload is not JSON.
    """
    tree = parse(payload)
    if at(tree, "type") != "response.create":
        return None
    inner = at(tree, "response")  # the fields lie beside ``type``, or under ``response`` as the Realtime API has them
    return openai_responses.read(inner if isinstance(inner, dict) else tree, framing=Framing.MESSAGES)


def _read(where: Address, tree: Json, framing: Framing) -> ModelRequest:
    match where.dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            return anthropic.read(tree, operation=where.operation, framing=framing, model=where.model)
        case Dialect.OPENAI_CHAT:
            return openai_chat.read(tree, framing=framing, model=where.model)
        case Dialect.OPENAI_RESPONSES:
            return openai_responses.read(tree, framing=framing, operation=where.operation, model=where.model)
        case Dialect.GEMINI:
            return gemini.read(tree, operation=where.operation, framing=framing, model=where.model)


def _framing(where: Address, target: str, tree: Json) -> Framing:
    if where.operation is not Operation.GENERATE:
        return Framing.JSON
    streams = at(tree, "stream") is True if where.streams is None else where.streams
    if not streams:
        return Framing.JSON
    path = _path(target)
    if where.dialect is Dialect.GEMINI:
        alt = parse_qs(target.partition("?")[2], max_num_fields=50) if target.count("&") < 50 else {}
        return Framing.SSE if alt.get("alt") == ["sse"] else Framing.JSON_ARRAY
    return Framing.EVENT_STREAM if path.endswith("/invoke-with-response-stream") else Framing.SSE


def _agrees(dialect: Dialect, tree: Json) -> bool:
    if dialect is Dialect.OPENAI_RESPONSES:
        return at(tree, "input") is not None or (
            bool(at(tree, "model")) and at(tree, "previous_response_id") is not None
        )
    return any(at(message, "role") is not None for message in items(at(tree, "messages")))


def _listing(path: str, names: set[bytes]) -> Address | None:
    found = re.search(r"/models(?:/([^:]{1,200}))?$", path)
    if not found:
        return None
    if b"x-goog-api-key" in names or re.search(r"/v1(?:beta|alpha)\w*/models", path):
        dialect = Dialect.GEMINI
    elif b"anthropic-version" in names:
        dialect = Dialect.ANTHROPIC_MESSAGES
    else:
        dialect = Dialect.OPENAI_CHAT
    one = found.group(1) or ""
    return Address(dialect=dialect, operation=Operation.LIST_MODELS, model=one, one=bool(one))


def _header(headers: tuple[tuple[bytes, bytes], ...], wanted: bytes) -> str:
    return ",".join(value.decode("latin-1") for name, value in headers if name.lower() == wanted)


def _path(target: str) -> str:
    if target.startswith("/"):
        return target.partition("?")[0].partition("#")[0]
    try:
        return urlsplit(target).path
    except ValueError:
        return ""


def _gemini(found: re.Match[str]) -> Address:
    verb = found.group("verb")
    counts = verb == "countTokens"
    return Address(
        dialect=Dialect.GEMINI,
        operation=Operation.COUNT_TOKENS if counts else Operation.GENERATE,
        model=found.group("model") or "",
        streams=verb == "streamGenerateContent",
    )


def _raw_predict(found: re.Match[str]) -> Address:
    counts = found.group("model") == "count-tokens"
    return Address(
        dialect=Dialect.ANTHROPIC_MESSAGES,
        operation=Operation.COUNT_TOKENS if counts else Operation.GENERATE,
        model="" if counts else found.group("model"),
        streams=False if counts else found.group("verb") == "streamRawPredict",
        sure=False,
    )


def _bedrock(found: re.Match[str]) -> Address:
    return Address(
        dialect=Dialect.ANTHROPIC_MESSAGES,
        operation=Operation.GENERATE,
        model=found.group("model"),
        streams=found.group("verb") != "invoke",
        sure=False,
    )


def _plain(
    dialect: Dialect, operation: Operation = Operation.GENERATE, *, sure: bool = False
) -> Callable[[re.Match[str]], Address]:
    return lambda _: Address(dialect=dialect, operation=operation, sure=sure)


_PATHS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Address]], ...] = (
    (re.compile(r"/messages/count_tokens$"), _plain(Dialect.ANTHROPIC_MESSAGES, Operation.COUNT_TOKENS)),
    (re.compile(r"/messages$"), _plain(Dialect.ANTHROPIC_MESSAGES)),
    (re.compile(r"/chat/completions$"), _plain(Dialect.OPENAI_CHAT, sure=True)),
    (re.compile(r"/responses/input_tokens$"), _plain(Dialect.OPENAI_RESPONSES, Operation.COUNT_TOKENS)),
    (re.compile(r"/responses$"), _plain(Dialect.OPENAI_RESPONSES)),
    (
        re.compile(
            r"(?:/models/(?P<model>[^/:]{1,200})|/v\d+\w{0,20})?:(?P<verb>(?:streamG|g)enerateContent|countTokens)$"
        ),
        _gemini,
    ),
    (re.compile(r"/models/(?P<model>[^/:]{1,200}):(?P<verb>rawPredict|streamRawPredict)$"), _raw_predict),
    (re.compile(r"/model/(?P<model>[^/]{1,200})/(?P<verb>invoke|invoke-with-response-stream)$"), _bedrock),
)
