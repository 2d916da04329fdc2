"""The bytes of the question in each API's shape, and the answer read strictly. Nothing here touches a network."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from clearance.model.escalation import Escalation, EscalationApi, SecondOpinion

_TOKENS: Final = 400
"""Of the answer: one sentence and three fields."""
_MOST_REASON: Final = 500
ANTHROPIC_VERSION: Final = "2023-06-01"
_PATHS: Final = {EscalationApi.OPENAI: "/chat/completions", EscalationApi.ANTHROPIC: "/messages"}


class Unusable(Exception):  # noqa: N818 - an answer, not a failure of ours
    """The answer is not what was asked for; the text says how."""


class _Choice(msgspec.Struct, frozen=True):
    message: "_Said"


class _Said(msgspec.Struct, frozen=True):
    content: str


class _OpenAiAnswer(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...]


class _Block(msgspec.Struct, frozen=True):
    type: str
    text: str = ""


class _AnthropicAnswer(msgspec.Struct, frozen=True):
    content: tuple[_Block, ...]


def address(escalation: Escalation) -> str:
    """The address to ask: that of the settings, with the path of the API where it is missing. What is none stays."""
    try:
        parts = urlsplit(escalation.url)
    except ValueError:
        return escalation.url
    path, wanted = parts.path.rstrip("/"), _PATHS[escalation.api]
    if not path.endswith(wanted):
        between = "/v1" if escalation.api is EscalationApi.ANTHROPIC and not path.endswith("/v1") else ""
        path = f"{path}{between}{wanted}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def body(escalation: Escalation, system: str, text: str) -> bytes:
    """The request as JSON."""
    asked = {"role": "user", "content": text}
    common = {"model": escalation.model, "max_tokens": _TOKENS, "temperature": 0}
    match escalation.api:
        case EscalationApi.OPENAI:
            return msgspec.json.encode({**common, "messages": [{"role": "system", "content": system}, asked]})
        case EscalationApi.ANTHROPIC:
            return msgspec.json.encode({**common, "system": system, "messages": [asked]})


def headers(escalation: Escalation, key: str) -> dict[str, str]:
    """Header lines; the key only where there is one."""
    common = {"content-type": "application/json", "accept": "application/json", "accept-encoding": "identity"}
    match escalation.api:
        case EscalationApi.OPENAI:
            return {**common, **({"authorization": f"Bearer {key}"} if key else {})}
        case EscalationApi.ANTHROPIC:
            return {**common, "anthropic-version": ANTHROPIC_VERSION, **({"x-api-key": key} if key else {})}


def opinion(escalation: Escalation, answer: bytes, nonce: str) -> SecondOpinion:
    """What the second judge says. Raises Unusable for anything but exactly what was asked for."""
    try:
        said = _said(escalation.api, answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable("the answer does not have the shape of the API") from error
    try:
        given = msgspec.json.decode(said.strip().encode("utf-8", "replace"), type=SecondOpinion)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unusable("the model did not answer with the JSON object that was asked for") from error
    if given.nonce != nonce:
        raise Unusable("the answer carries another nonce than the question")
    return msgspec.structs.replace(given, reason=given.reason[:_MOST_REASON])


def _said(api: EscalationApi, answer: bytes) -> str:
    match api:
        case EscalationApi.OPENAI:
            choices = msgspec.json.decode(answer, type=_OpenAiAnswer).choices
            return choices[0].message.content if len(choices) == 1 else ""
        case EscalationApi.ANTHROPIC:
            blocks = msgspec.json.decode(answer, type=_AnthropicAnswer).content
            return "".join(block.text for block in blocks if block.type == "text")
