"""The scripted conversation: what the emulated model says, turn by turn, to any agent in any dialect.

1. The turn is told from the request's own history: results of tools that it holds, or the response it continues.
2. The plan is told from the tools that the request itself offers: read, run, look, then a closing text.
3. Ids, texts and token counts are functions of the seed and the turn: the same history gets the same bytes.
"""

import hashlib
from dataclasses import dataclass, field, replace

from clearance.lab.world import asides, short_answers
from clearance.lab.world.answer import Reply
from clearance.lab.world.arguments import Place, call_for
from clearance.lab.world.leniency import first_json
from clearance.lab.world.speech import Speech, error_reply, listing, reply, token_count
from clearance.lab.world.tools import Step, finishing, named, plan
from clearance.lab.world.vocabulary import Intent
from clearance.model.profile import Dialect
from clearance.model.trace import RequestSeen
from clearance.model.wire import openai_chat
from clearance.model.wire.answer import ModelAnswer, ToolCall
from clearance.model.wire.coding import decode_body
from clearance.model.wire.jsontree import WireError, encode
from clearance.model.wire.recognise import address, read_message, read_request
from clearance.model.wire.request import ModelRequest, Operation, Tool

CREATED = 1735689600
"""Unix seconds that answers carry as their time: 2025-01-01."""
_LAST_FORCED = 8
"""Turns after which even a client that demands a tool call gets text, so that it ends."""
_IDS = 64
"""Turns whose ids are known again."""

_SAID = {
    Intent.READ: ("I'll start by reading the project's README.", "Read the README"),
    Intent.RUN: ("Next I'll run a quick command.", "Print a word"),
    Intent.LOOK: ("Let me look at what is there.", "Look for the README"),
    Intent.NOTE: ("I'll leave a short note.", "Write a note"),
    Intent.OTHER: ("One more check.", "Check the project"),
    Intent.FINISH: ("That was all.", "I have read the README and run a quick check. Everything is in order."),
}
FINAL = _SAID[Intent.FINISH][1]
"""The text that closes the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The answers of the emulated world: the script for model APIs, plausible asides for the rest.

    The turn is in the history or in the id that a request continues, so two conversations side by side do not disturb
    each other. The one thing kept is which tools were last offered before each response: a request that continues one
    may leave them out.
    """

    place: Place
    seed: int = 0
    created: int = CREATED
    """Unix seconds."""
    models: tuple[str, ...] = ()
    """Models that listings show beside the usual ones."""
    _offered: dict[str, tuple[Tool, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Id of a response to the tools that its request offered. One entry a turn."""

    def answer(self, request: RequestSeen) -> Reply:
        """The reply to a request, whoever it is for."""
        try:
            read = _patiently_read(request)
        except WireError as error:
            where = address(request.method, request.target, request.headers)
            return error_reply(where.dialect if where else Dialect.OPENAI_CHAT, str(error))
        if read is None:
            return asides.answer(request)
        match read.operation:
            case Operation.LIST_MODELS:
                return listing(read, self.models, created=self.created)
            case Operation.COUNT_TOKENS:
                return token_count(read, _tokens(self._done(read)))
            case Operation.GENERATE:
                return reply(self.say(read), read)

    def accepts_websocket(self, request: RequestSeen) -> bool:
        """Only the Responses API is known to speak over a WebSocket."""
        where = address("POST", request.target, request.headers)
        return where is not None and where.dialect is Dialect.OPENAI_RESPONSES

    def message(self, request: RequestSeen, payload: bytes, binary: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - the Answerer's own signature
        """The events that answer a ``response.create`` message; nothing for any other."""
        del request, binary
        try:
            read = read_message(payload)
        except WireError as error:
            return (encode({"type": "error", "status": 400, **openai_chat.error("invalid_request_error", str(error))}),)
        return () if read is None else reply(self.say(read), read).chunks

    def say(self, request: ModelRequest) -> Speech:
        """What the model says to a request, and what for."""
        done = self._done(request)
        request = self._with_tools(request, done)
        if not request.generate:
            return self._speech("", request, done + 1, "model:aside")
        tools = () if request.choice.forbidden else request.tools
        if forced := named(tools, request.choice.name):
            return self._forced(forced, request, done)
        if not tools or (request.max_tokens is not None and request.max_tokens <= 8):
            return self._without_tools(request, done)
        return self._turn(request, done)

    def _with_tools(self, request: ModelRequest, done: int) -> ModelRequest:
        """The request with the tools of the response that it continues, if it names none itself."""
        if not request.tools and request.previous:
            request = replace(request, tools=self._offered.get(request.previous.removeprefix("resp_"), ()))
        if request.tools and done < _IDS:
            self._offered[self._token("response", done + 1)] = request.tools
        return request

    def _turn(self, request: ModelRequest, done: int) -> Speech:
        steps, purpose = plan(request.tools), f"model:turn-{done + 1}"
        if done < len(steps):
            return self._call(steps[done], request, done, purpose)
        finish = finishing(request.tools)
        if done == len(steps) and finish:
            return self._call(Step(tool=finish, intent=Intent.FINISH), request, done, purpose)
        if request.choice.required and done < _LAST_FORCED:
            return self._call(steps[done % len(steps)], request, done, purpose)
        closing = short_answers.json_answer(request) if request.wants_json else FINAL
        return self._speech(closing, request, done + 1, purpose)

    def _without_tools(self, request: ModelRequest, done: int) -> Speech:
        if short_answers.is_side_job(request):
            return self._speech(short_answers.side_answer(request), request, done + 1, "model:aside")
        turn = max(done, request.replies) + 1
        return self._speech(FINAL, request, turn, f"model:turn-{turn}")

    def _forced(self, tool: Tool, request: ModelRequest, done: int) -> Speech:
        """The one tool that must be called: a structured answer in the guise of a call."""
        return self._call(Step(tool=tool, intent=Intent.OTHER), request, done, "model:aside")

    def _call(self, step: Step, request: ModelRequest, done: int, purpose: str) -> Speech:
        before, reason = _SAID[step.intent]
        call = call_for(step, self.place, id=self._token("call", done + 1), said=reason)
        return self._speech(before, request, done + 1, purpose, calls=(call,))

    def _speech(
        self, said: str, request: ModelRequest, turn: int, purpose: str, calls: tuple[ToolCall, ...] = ()
    ) -> Speech:
        answer = ModelAnswer(
            id=self._token("response", turn),
            model=request.model or "model",
            text=said,
            calls=calls,
            created=self.created,
            input_tokens=_tokens(turn),
            output_tokens=8 + len(said) // 4 + 24 * len(calls),
        )
        return Speech(answer=answer, purpose=purpose)

    def _done(self, request: ModelRequest) -> int:
        """Calls of the script whose results the request already holds, directly or in the response it continues.

        Results with ids that are not the script's belong to examples in the prompt, unless there are no others: some
        clients rename ids.
        """
        tokens = [self._token("call", turn) for turn in range(1, _IDS)]
        ours = sum(any(token in name for token in tokens) for name in request.results)
        before = 0
        if request.previous:
            turns = range(1, _IDS)
            before = next((turn - 1 for turn in turns if self._token("response", turn) in request.previous), 0)
        return before + (ours or len(request.results))

    def _token(self, kind: str, turn: int) -> str:
        """24 hexadecimal characters that stand for a turn."""
        return hashlib.sha256(f"{self.seed}/{kind}/{turn}".encode()).hexdigest()[:24]


def _patiently_read(request: RequestSeen) -> ModelRequest | None:
    """As ``read_request``; of a body that is not quite JSON, what can be read of it. Raises WireError."""
    try:
        return read_request(request.method, request.target, request.headers, request.body)
    except WireError:
        codings = ",".join(v.decode("latin-1") for n, v in request.headers if n.lower() == b"content-encoding")
        plain = first_json(decode_body(request.body, codings))
        if plain is None:
            raise
        uncoded = tuple((n, v) for n, v in request.headers if n.lower() != b"content-encoding")
        return read_request(request.method, request.target, uncoded, plain)


def _tokens(turn: int) -> int:
    """A plausible size of the request of a turn, in tokens."""
    return 2400 + 350 * turn
