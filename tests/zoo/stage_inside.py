"""Inside the stage: a small world on loopback (DNS, TCP, TLS, HTTP) in which agents of the zoo run, one after another.

Started by ``stage.py`` in namespaces of its own. Reads jobs as JSON lines on stdin and writes what it saw as JSON lines
on stdout: ``{"names", "connections", "requests", "datagrams", "exit", "stdout", "stderr", "wall_s"}``.
"""

import contextlib
import datetime as dt
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from model_double import answer

PORTS = (80, 443, 3128, 4317, 9000)
BODY_KEPT = 1 << 20
_FROM, _UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2049, 12, 31, tzinfo=dt.UTC)
FOLDER = pathlib.Path("/tmp/stage")


class Authority:
    """A throw-away CA that makes a context for any name."""

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Zoo stage")])
        root = self._certificate(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.bundle = folder / "authority.pem"
        self.bundle.write_bytes(root)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._making = threading.Lock()
        self.front = self.context("localhost")
        self.front.sni_callback = self._choose

    def context(self, name: str) -> ssl.SSLContext:
        """A server's context for a name, made once."""
        with self._making:
            if name not in self._contexts:
                self._contexts[name] = self._made(name)
            return self._contexts[name]

    def _made(self, name: str) -> ssl.SSLContext:
        leaf = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:60])])
        pem = self._certificate(subject, leaf, x509.SubjectAlternativeName([x509.DNSName(name)]))
        clear = serialization.NoEncryption()
        pem += leaf.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, clear)
        path = self._folder / f"leaf-{len(self._contexts)}.pem"
        path.write_bytes(pem)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(path)
        return made

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = self.context(name or "localhost")

    def _certificate(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(_FROM).not_valid_after(_UNTIL)
        signed = builder.add_extension(extension, critical=False).sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)


class World:
    """What is seen of one job. A new one takes the place of the old between jobs."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.connections: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.datagrams: list[str] = []


class Stage:
    """Listens on loopback for the whole life of the process."""

    def __init__(self) -> None:
        self.world = World()
        self.authority = Authority(FOLDER)
        for port in PORTS:
            listener = socket.create_server(("", port), backlog=512)
            threading.Thread(target=self._accept, args=(listener, port), daemon=True).start()
        for port, handle in ((53, self._name), (8125, self._datagram)):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            receiver.bind(("", port))
            threading.Thread(target=self._receive, args=(receiver, handle), daemon=True).start()

    def _receive(self, receiver: socket.socket, handle: Callable[[socket.socket, bytes, Any], None]) -> None:
        while True:
            payload, sender = receiver.recvfrom(4096)
            with contextlib.suppress(OSError, ValueError, IndexError):
                handle(receiver, payload, sender)

    def _name(self, receiver: socket.socket, question: bytes, sender: Any) -> None:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
            at += 1 + question[at]
        kind = int.from_bytes(question[at + 1 : at + 3])
        self.world.names.append(f"{'.'.join(labels)} {kind}")
        record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01" if kind == 1 else b""
        counts = b"\x00\x01" + (b"\x00\x01" if record else b"\x00\x00") + bytes(4)
        receiver.sendto(question[:2] + b"\x81\x80" + counts + question[12 : at + 5] + record, sender)

    def _datagram(self, _: socket.socket, payload: bytes, __: Any) -> None:
        self.world.datagrams.append(payload.decode("latin-1"))

    def _accept(self, listener: socket.socket, port: int) -> None:
        while True:
            connection, _ = listener.accept()
            self.world.connections.append(str(port))
            threading.Thread(target=self._serve, args=(connection, port), daemon=True).start()

    def _serve(self, connection: socket.socket, port: int) -> None:
        number = len(self.world.connections)
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(20)
            while True:
                if connection.recv(1, socket.MSG_PEEK) == b"\x16":
                    connection = self.authority.front.wrap_socket(connection, server_side=True)
                stream = connection.makefile("rb")
                for request in _requests(stream):
                    self.world.requests.append({**request, "connection": number, "port": port})
                    if request["method"] == "CONNECT":
                        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                        break
                    connection.sendall(_reply(request))
                else:
                    return


def _requests(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """HTTP/1.1 requests of a connection until it ends; what is no HTTP is one request with an empty target."""
    while first := stream.readline(65_536):
        words = first.split()
        if len(words) != 3 or not words[2].startswith(b"HTTP/"):
            yield {"method": "", "target": "", "host": "", "head": first.decode("latin-1"), "body": "", "size": 0}
            return
        head = first
        while (line := stream.readline(65_536)) not in (b"\r\n", b"\n", b""):
            head += line
        headers = {n.strip().lower(): v.strip() for n, _, v in (h.partition(b":") for h in head.splitlines()[1:])}
        body, framed = _body(stream, headers)
        yield {
            "method": words[0].decode("latin-1"),
            "target": words[1].decode("latin-1"),
            "host": headers.get(b"host", b"").decode("latin-1"),
            "head": head.decode("latin-1"),
            "body": body[:BODY_KEPT].decode("latin-1"),
            "framed": framed,
            "size": len(body),
        }


def _body(stream: BinaryIO, headers: dict[bytes, bytes]) -> tuple[bytes, list[int]]:
    """The body without its framing, and the sizes of its chunks."""
    if headers.get(b"transfer-encoding", b"").lower() != b"chunked":
        return stream.read(int(headers.get(b"content-length", b"0"))), []
    body, sizes = b"", []
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        sizes.append(size)
        stream.readline()
    stream.readline()
    return body, sizes


def _reply(request: dict[str, Any]) -> bytes:
    if "upgrade: websocket" in request["head"].lower():
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    kind, body = answer(request["target"], request["body"].encode("latin-1"))
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind.encode(), len(body), body)


def play(stage: Stage, job: dict[str, Any]) -> dict[str, Any]:
    """Run one job to its end, or to its time limit, and return what was seen."""
    stage.world = World()
    socket.sethostname(job["hostname"])
    trusted = str(stage.authority.bundle)
    env = {**job["env"], "SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted}
    began = time.monotonic()
    with subprocess.Popen(
        job["command"],
        env=env,
        cwd=job["project"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=job["timeout"])
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
    seen = stage.world
    return {
        "names": seen.names,
        "connections": seen.connections,
        "requests": seen.requests,
        "datagrams": seen.datagrams,
        "exit": process.returncode,
        "stdout": out.decode("latin-1"),
        "stderr": err.decode("latin-1"),
        "wall_s": time.monotonic() - began,
    }


def serve() -> None:
    """Answer jobs until stdin ends."""
    stage = Stage()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(play(stage, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
