"""Ordinary text that is unlike the packages of training: recordings of assistants at work, and what is no prose.

Without such rows whatever is rare looks like an attack: the prompts that companies give to their own assistants, raw
messages of protocols, runs of digits, drawings made of characters, dumps.
"""

import base64
import json
import random
import string
from collections.abc import Callable
from typing import Final

from clearance.lab.threats.grammar import Words, expand

_LONGEST: Final = 1_600
_HEADERS: Final = (
    "content-type: application/json", "connection: keep-alive", "transfer-encoding: chunked", "vary: Accept-Encoding",
    "x-request-id: {number}", "server: {noun}", "cache-control: no-store", "host: {host}", "accept: */*",
    "retry-after: {number}", "set-cookie: REDACTED", "strict-transport-security: max-age=63072000", "via: 1.1 {noun}",
    "authorization: XXXX", "user-agent: {noun}/{number}.0", "x-ratelimit-remaining-tokens: {number}",
)  # fmt: skip


def recording(words: Words, user: str, pick: random.Random) -> str:
    """A request to a model and its answer, as tests record them; ``user`` is what the user's message says."""
    system = expand(pick.choice(words["system"]), words, pick)
    said = expand(pick.choice(words["said"]), words, pick)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    if pick.random() < 0.5:
        messages.append({"role": "assistant", "content": said})
    headers = [expand(line, words, pick) for line in pick.sample(_HEADERS, pick.randint(0, 8))]
    shape = pick.randrange(5)
    if shape == 0:
        return json.dumps({"messages": messages, "model": "m", "stop": ["\nObservation:"], "stream": False})
    if shape == 1:
        body = json.dumps(json.dumps({"model": "m", "messages": messages}))
        return "\n".join(["interactions:", "- request:", f"    body: {body}", "    headers:", *_yaml(headers)])
    if shape == 2:
        return "\n".join([*headers, "", *(f"{m['role'].title()}: {m['content']}" for m in messages)])
    if shape == 3:
        return "\n\n".join(f'{m["role"]} = """{m["content"]}"""' for m in messages)
    return f"{system}\n\n{user}\n\n{said}"


def _yaml(headers: list[str]) -> list[str]:
    made = []
    for line in headers:
        name, _, value = line.partition(": ")
        made += [f"      {name}:", f"      - {value}"]
    return made


def no_prose(words: Words, pick: random.Random) -> str:
    """A text of no language: what lies in tests, fixtures and data of ordinary packages."""
    return pick.choice(_KINDS)(words, pick)[:_LONGEST]


def _message(words: Words, pick: random.Random) -> str:
    method = pick.choice(("GET", "POST", "PUT", "DELETE", "HEAD", "HTTP/1.1 200 OK", "HTTP/1.0 404"))
    first = method if method.startswith("HTTP") else f"{method} /{expand('{path}', words, pick)} HTTP/1.1"
    lines = [first, *(expand(line, words, pick) for line in pick.sample(_HEADERS, pick.randint(1, 6)))]
    end = pick.choice(("\n", "\r\n", "\\r\\n\n"))
    chunks = "".join(f"{len(w):x}{end}{w}{end}" for w in (expand("{word}", words, pick) for _ in range(3)))
    return end.join(lines) + end + end + pick.choice(("", chunks + "0" + end, expand("{word}={number}", words, pick)))


def _digits(_: Words, pick: random.Random) -> str:
    alphabet = pick.choice((string.digits, string.hexdigits, "01", "0123456789, ", "0123456789.\n", "9876543210"))
    run = "".join(pick.choice(alphabet) for _ in range(pick.choice((10, 40, 300))))
    return run * pick.choice((1, 5, 60))


def _drawing(_: Words, pick: random.Random) -> str:
    tiles = pick.choice(("█╗╔═║╚╝ ", "─│┌┐└┘├┤ ", "/\\_| ", "#. ", "*- ", "░▒▓█ ", "@%#*+=-:. ", "o-+|   "))
    width = pick.randint(8, 70)
    return "\n".join("".join(pick.choices(tiles, k=width)) for _ in range(pick.randint(3, 16)))


def _dump(_: Words, pick: random.Random) -> str:
    data = pick.randbytes(16 * pick.randint(2, 24))
    rows = [data[at : at + 16] for at in range(0, len(data), 16)]
    if pick.random() < 0.5:
        return "\n".join(f"{16 * n:08x}  {row.hex(' ')}" for n, row in enumerate(rows))
    return base64.b64encode(data).decode()


def _table(words: Words, pick: random.Random) -> str:
    cells = ("{number}", "{number}.{number}", "{noun}", "{first}", "{date}", "{city}", "{word}")
    row = [pick.choice(cells) for _ in range(pick.randint(2, 7))]
    between = pick.choice((",", "\t", " | ", ";", "  "))
    return "\n".join(expand(between.join(row), words, pick) for _ in range(pick.randint(3, 30)))


def _repeated(words: Words, pick: random.Random) -> str:
    unit = pick.choice(("a", "abc", "=", "-", "x ", "\\x00", "foo bar ", "lorem ipsum ", "\t\n", "[]", "€", "é", "=20"))
    return (unit if pick.random() < 0.7 else expand("{word} ", words, pick)) * pick.randint(20, 300)


def _identifiers(words: Words, pick: random.Random) -> str:
    made = [expand(pick.choice(("{noun}_{word}", "{first}.{noun}", "{noun}-{number}")), words, pick) for _ in range(60)]
    return pick.choice(("\n", ", ", " ", "','")).join(made)


_KINDS: Final[tuple[Callable[[Words, random.Random], str], ...]] = (
    _message, _message, _digits, _drawing, _dump, _table, _repeated, _identifiers,
)  # fmt: skip
