"""The model's words put on the wire: replies in the dialect and framing of the request."""

from dataclasses import dataclass
from typing import assert_never

from clearance.lab.world.answer import Reply
from clearance.model.profile import Dialect
from clearance.model.wire import anthropic, gemini, openai_chat, openai_responses_stream
from clearance.model.wire.answer import ModelAnswer, Payload
from clearance.model.wire.jsontree import Json, encode
from clearance.model.wire.request import ModelRequest

# What a listing shows: names that clients of each dialect expect to find, so that the one they are set to is there.
_USUAL = {
    Dialect.ANTHROPIC_MESSAGES: ("claude-sonnet-4-5", "claude-opus-4-1", "claude-haiku-4-5"),
    Dialect.OPENAI_CHAT: ("gpt-5", "gpt-5-mini", "gpt-4.1", "gpt-4o"),
    Dialect.OPENAI_RESPONSES: ("gpt-5", "gpt-5-mini", "gpt-4.1", "gpt-4o"),
    Dialect.GEMINI: ("gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What the model says, and what for."""

    answer: ModelAnswer
    purpose: str
    """``model:turn-1``, ``model:aside`` …"""


def reply(speech: Speech, request: ModelRequest) -> Reply:
    """The speech as a reply to that request."""
    payload = _written(speech.answer, request)
    headers = [("content-type", payload.content_type), _request_id(request.dialect, speech.answer.id)]
    if payload.stream:
        headers.append(("cache-control", "no-cache"))
    return Reply(
        status=200, headers=tuple(headers), chunks=payload.chunks, purpose=speech.purpose, stream=payload.stream
    )


def token_count(request: ModelRequest, tokens: int) -> Reply:
    """How many tokens the request is said to have."""
    match request.dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            said = anthropic.count(tokens)
        case Dialect.GEMINI:
            said = gemini.count(tokens)
        case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES:
            said = openai_responses_stream.count(tokens)
        case _:
            assert_never(request.dialect)
    return _document(200, said, "model:count-tokens")


def listing(request: ModelRequest, more: tuple[str, ...], *, created: int) -> Reply:
    """The models that are said to exist, or the one that was asked for. ``created`` is Unix seconds."""
    names = tuple(dict.fromkeys((*more, *_USUAL[request.dialect])))
    one = request.model
    match request.dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            said = anthropic.model(one) if one else anthropic.models(names)
        case Dialect.GEMINI:
            said = gemini.model(one) if one else gemini.models(names)
        case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES:
            chat = openai_chat
            said = chat.model(one, created=created) if one else chat.models(names, created=created)
        case _:
            assert_never(request.dialect)
    return _document(200, said, "model:list")


def error_reply(dialect: Dialect, message: str) -> Reply:
    """A refusal of a request that cannot be read, in the vendor's own shape."""
    match dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            said = anthropic.error("invalid_request_error", message)
        case Dialect.GEMINI:
            said = gemini.error(400, "INVALID_ARGUMENT", message)
        case Dialect.OPENAI_CHAT | Dialect.OPENAI_RESPONSES:
            said = openai_chat.error("invalid_request_error", message)
        case _:
            assert_never(dialect)
    coded = " (content coding)" if message.startswith("content coding") else ""
    return _document(400, said, f"model:unreadable{coded}")


def _written(answer: ModelAnswer, request: ModelRequest) -> Payload:
    match request.dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            return anthropic.write(answer, framing=request.framing)
        case Dialect.OPENAI_CHAT:
            return openai_chat.write(answer, request)
        case Dialect.OPENAI_RESPONSES:
            return openai_responses_stream.write(answer, framing=request.framing)
        case Dialect.GEMINI:
            return gemini.write(answer, request)
        case _:
            assert_never(request.dialect)


def _request_id(dialect: Dialect, token: str) -> tuple[str, str]:
    return ("request-id" if dialect is Dialect.ANTHROPIC_MESSAGES else "x-request-id", f"req_{token}")


def _document(status: int, said: Json, purpose: str) -> Reply:
    return Reply(
        status=status, headers=(("content-type", "application/json"),), chunks=(encode(said),), purpose=purpose
    )
