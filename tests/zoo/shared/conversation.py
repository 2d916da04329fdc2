"""The honest part of every agent of the zoo: a conversation of several turns with tools, and nothing else.

An agent subclasses ``Agent``, overrides the one thing it does of its own, and calls ``main``. Nothing in this file looks
at the time zone, the locale, the host name, the user, git, the clock or the variables of the environment, save for the
API key, the base URL and (only where ``uses_proxy`` is set) the proxy. Standard library only: an agent carries this file.
"""

import argparse
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import sys
import threading
import urllib.parse

from dialects import DIALECTS, events_of

PARAGRAPHS = (
    "You are a coding assistant that works in the user's terminal. Answer in a few words, and show code where it helps.",
    """You can read files, list folders and run commands with the tools below. Read before you change anything. \
Don't guess what a file holds: open it. Prefer small steps whose result you can check.""",
    """Style: plain Markdown, no decoration. Quote a command as `command`, a path as `path/to/file`. \
If the user says "stop", stop at once. Write résumé, façade and naïve with their accents.""",
    """Safety: never print a secret, never send the user's files anywhere, never delete what you have not written. \
Ask before a command that cannot be undone - a forced push, a dropped table, a removed folder.""",
    "When the task is done, say in one sentence what you did. It's fine to say that nothing had to be done.",
)
_PATH = {
    "type": "object",
    "properties": {"path": {"type": "string", "description": "Path of it"}},
    "required": ["path"],
}
_COMMAND = {
    "type": "object",
    "properties": {"command": {"type": "string", "description": "A line for the shell"}},
    "required": ["command"],
}
TOOLS = (
    ("read_file", "Read a text file and return its content. The path may be relative to the project.", _PATH),
    ("run_command", "Run a command in the project's folder and return what it prints.", _COMMAND),
    ("list_files", "List the files of a folder, one on each line.", _PATH),
)
MAX_TURNS = 12


class Agent:
    """One honest agent. Override a method to make it something else; ``self.turn`` counts requests from 1."""

    dialect = "anthropic-messages"
    stream = False
    model = ""
    max_tokens = 4096
    uses_proxy = False

    def __init__(self):
        self.turn = 0
        self._request, self._answer, prefix, vendor, self._key_headers = DIALECTS[self.dialect]
        self.key = os.environ.get(f"{prefix}_API_KEY", "no-key")
        self.base = os.environ.get(f"{prefix}_BASE_URL", "").rstrip("/").removesuffix("/v1") or vendor
        self.custom_base = self.base != vendor
        self.host = urllib.parse.urlsplit(self.base).hostname or ""
        self._connection = None

    def paragraphs(self):
        """The system prompt, paragraph by paragraph."""
        return list(PARAGRAPHS)

    def tools(self):
        """The tools on offer: name, description, JSON schema."""
        return list(TOOLS)

    def headers(self):
        """Headers of the next model request, in order; Host and Content-Length are added."""
        own = [("User-Agent", "zoo-agent/1.4"), ("Accept", "*/*"), ("Content-Type", "application/json")]
        return own + self._key_headers(self.key)

    def target(self, path):
        """Path and query of the next model request."""
        return path

    def body(self, body):
        """The body of the next model request, before it is encoded."""
        return body

    def encode(self, body):
        """The bytes of a body."""
        return json.dumps(body, ensure_ascii=False).encode()

    def begin(self):
        """Called once, before the first request."""

    def before(self):
        """Called before each model request."""

    def end(self):
        """Called once, after the last answer."""

    def close_after_each(self):
        """Whether each model request takes a connection of its own."""
        return False

    def send(self, target, payload, headers):
        """Send one model request and return the body of its answer. Raises OSError or http.client.HTTPException."""
        if self._connection is None:
            self._connection = connect(self.base, proxy=self.uses_proxy)
        prefix = urllib.parse.urlsplit(self.base).path
        body = request(self._connection, "POST", prefix + target, payload, headers)
        if self.close_after_each():
            self._connection.close()
            self._connection = None
        return body

    def converse(self, prompt):
        """Hold the conversation and return the final text."""
        history = [("user", prompt)]
        self.begin()
        text = ""
        while self.turn < MAX_TURNS:
            self.turn += 1
            self.before()
            path, body = self._request(self, history)
            answer = self.send(self.target(path), self.encode(self.body(body)), self.headers())
            text, calls = self._answer(events_of(answer))
            if not calls:
                break
            history.append(("assistant", text, calls))
            history.append(("results", [(i, name, use(name, arguments)) for i, name, arguments in calls]))
        self.end()
        return text


def use(name, arguments):
    """Carry out one tool call; a failure is told in words."""
    try:
        if name == "read_file":
            return pathlib.Path(arguments["path"]).read_text(encoding="utf-8", errors="replace")[:20_000]
        if name == "list_files":
            return "\n".join(sorted(p.name for p in pathlib.Path(arguments["path"]).iterdir() if p.name[0] != "."))
        if name == "run_command":
            done = subprocess.run(arguments["command"], shell=True, capture_output=True, check=False)
            return (done.stdout + done.stderr).decode(errors="replace")[:20_000]
    except (OSError, KeyError, TypeError) as error:
        return f"error: {error}"
    return f"error: no tool {name}"


def pause(seconds):
    """Wait. Not by time.sleep: under libfaketime 0.9.10 with its real monotonic clock Python's sleep fails (EINVAL)."""
    threading.Event().wait(seconds)


def connect(url, *, proxy=False, timeout=10, context=None):
    """A connection to the host of a URL, through HTTP(S)_PROXY if asked to."""
    parts = urllib.parse.urlsplit(url)
    secure = parts.scheme == "https"
    via = proxy and os.environ.get("HTTPS_PROXY" if secure else "HTTP_PROXY")
    name, port = parts.hostname, parts.port or (443 if secure else 80)
    if via:
        relay = urllib.parse.urlsplit(via)
        first, first_port = relay.hostname, relay.port or 3128
    else:
        first, first_port = name, port
    if secure:
        made = http.client.HTTPSConnection(
            first, first_port, timeout=timeout, context=context or ssl.create_default_context()
        )
    else:
        made = http.client.HTTPConnection(first, first_port, timeout=timeout)
    if via:
        made.set_tunnel(name, port)
    made.zoo_host = name if port in (80, 443) else f"{name}:{port}"
    return made


def request(connection, method, target, payload, headers, *, framing=None):
    """One request, headers in the given order and case; returns the answer's body.

    ``framing`` is a tuple of chunk sizes: the body is then sent chunked, in pieces of those sizes over and over.
    """
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", connection.zoo_host)
    for name, value in headers:
        connection.putheader(name, value)
    if framing:
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        at = turn = 0
        while at < len(payload):
            piece = payload[at : at + framing[turn % len(framing)]]
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            at, turn = at + len(piece), turn + 1
        connection.send(b"0\r\n\r\n")
    else:
        if payload or method == "POST":
            connection.putheader("Content-Length", str(len(payload)))
        connection.endheaders(payload or None)
    return connection.getresponse().read()


def tell(url, payload=None, headers=()):
    """A request beside the conversation: POST with a payload, else GET. Nobody waits for it to succeed."""
    parts = urllib.parse.urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = connect(url, timeout=5)
        own = [("User-Agent", "zoo-agent/1.4"), *headers]
        if payload is None:
            return request(connection, "GET", target, b"", own)
        return request(connection, "POST", target, payload, [*own, ("Content-Type", "application/json")])
    except (OSError, http.client.HTTPException):
        return b""


def main(agent_class):
    """Run an agent from the command line: ``agent.py -p PROMPT``."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("-p", "--prompt", required=True)
    prompt = arguments.parse_args().prompt
    try:
        sys.stdout.write(agent_class().converse(prompt) + "\n")
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        sys.exit(f"zoo agent: {type(error).__name__}: {error}")
