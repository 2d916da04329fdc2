"""A model endpoint in this process: a real HTTP server that answers as a test says."""

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def nonce_in(asked: dict[str, Any]) -> str:
    found = re.search(r"The nonce is ([0-9a-f]{32})\.", asked["messages"][-1]["content"])
    assert found is not None
    return found.group(1)


def opinion(asked: dict[str, Any], verdict: str, **more: object) -> str:
    return json.dumps({"nonce": nonce_in(asked), "verdict": verdict, "reason": "it gives orders", **more})


def send(handler: BaseHTTPRequestHandler, data: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"content-type": "application/json", **headers}.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def openai(text: str) -> bytes:
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
        }
    ).encode()


def anthropic(text: str) -> bytes:
    return json.dumps({"id": "x", "type": "message", "content": [{"type": "text", "text": text}]}).encode()


def says(verdict: str, shape: Callable[[str], bytes] = openai, **more: object) -> Answer:
    return lambda handler, asked: send(handler, shape(opinion(asked, verdict, **more)))


def drips(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
    """A byte now and then: each arrives in time, the whole never."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


class Endpoint:
    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []


@contextmanager
def endpoint(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.asked.append(body)
            told.paths.append(self.path)
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            try:
                answer(self, body)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    told = Endpoint(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
