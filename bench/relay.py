"""What catching a request costs: our relay beside mitmproxy, the same client and the same answer.

    python bench/relay.py [--requests 1000] [--mitmdump PATH]

Prints for each: seconds of start-up until it serves, CPU milliseconds for one HTTPS request with a body of 150 KB on a
connection that is kept and on a fresh one, and peak resident memory. CPU is that of the relay's process alone, less
what an idle one costs.
"""

import argparse
import asyncio
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BODY = os.urandom(75_000).hex().encode()
REQUEST = b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
ADDON = """
from mitmproxy import http
def request(flow):
    flow.response = http.Response.make(200, b"ok", {"Content-Type": "text/plain"})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One relay, measured once."""

    start_s: float
    cpu_s: float
    rss_mb: float


def serve(folder: Path) -> None:
    """Our relay in this process, until its standard input ends; writes a real trace."""
    from clearance.lab.recorder import TraceWriter
    from clearance.lab.sockets import RoomSockets
    from clearance.lab.world.answer import Reply
    from clearance.lab.world.authority import Authority
    from clearance.lab.world.names import NameBook
    from clearance.lab.world.world import World
    from clearance.model.trace import RequestSeen

    class Plain:  # the same answer to everything
        def answer(self, _request: RequestSeen) -> Reply:
            return Reply(status=200, headers=(("Content-Type", "text/plain"),), chunks=(b"ok",))

        def accepts_websocket(self, _request: RequestSeen) -> bool:
            return False

        def message(self, _request: RequestSeen, _payload: bytes, _binary: bool) -> tuple[bytes, ...]:
            return ()

    async def run() -> None:
        tcp, dns, udp = (socket.socket(socket.AF_INET, kind) for kind in (1, 2, 2))
        for sock in (tcp, dns, udp):
            sock.bind(("127.0.0.1", 0))
        tcp.listen(512)
        authority, writer = Authority(), TraceWriter(folder / "bench.trace")
        (folder / "ca.pem").write_bytes(authority.pem)
        world = World(
            authority=authority,
            names=NameBook(),
            answerer=Plain(),
            sink=writer.write,
            now=time.monotonic,
            traffic_limit=1 << 40,
            connections_limit=1 << 30,
        )
        print(tcp.getsockname()[1], flush=True)
        await world.serve(RoomSockets(tcp=tcp, dns=dns, udp=udp))
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await world.close()
        writer.close()

    asyncio.run(run())


def ours(folder: Path) -> tuple[subprocess.Popen[bytes], int, Path]:
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    return process, int(process.stdout.readline()), folder / "ca.pem"


def mitmdump(path: str, folder: Path) -> tuple[subprocess.Popen[bytes], int, Path]:
    (folder / "addon.py").write_text(ADDON)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [path, "-q", "--mode", "reverse:https://localhost:1", "--listen-host", "127.0.0.1", "-p", str(port)]
    argv += ["--set", f"confdir={folder}", "--set", "connection_strategy=lazy", "-s", str(folder / "addon.py")]
    argv += ["-w", str(folder / "flows"), "--set", "flow_detail=0"]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
        else:
            return process, port, folder / "mitmproxy-ca-cert.pem"


def ask(port: int, ca: Path, count: int, *, fresh: bool) -> None:
    """Sends requests one after another, on one connection or each on its own."""
    context = ssl.create_default_context(cafile=str(ca))
    connection = None
    for _ in range(count):
        if connection is None or fresh:
            plain = socket.create_connection(("127.0.0.1", port))
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = context.wrap_socket(plain, server_hostname="localhost")
        connection.sendall(REQUEST)
        answer = b""
        while not answer.endswith(b"\r\n\r\nok"):
            answer += connection.recv(65536)
        if fresh:
            connection.close()


def measure(relay: str, count: int, *, fresh: bool) -> Cost:
    """Starts a relay, asks it, ends it. ``relay`` is ``ours`` or the path of mitmdump."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = time.perf_counter()
        process, port, ca = ours(folder) if relay == "ours" else mitmdump(relay, folder)
        started = time.perf_counter() - before
        ask(port, ca, count, fresh=fresh)
        process.stdin.close() if relay == "ours" else process.terminate()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        if process.stdout:
            process.stdout.close()
    return Cost(start_s=started, cpu_s=usage.ru_utime + usage.ru_stime, rss_mb=usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--mitmdump", help="measure this mitmdump too")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(Path(options.serve))
        return
    # Both run from compiled bytecode, kept in a folder of its own; the first start fills it and is not counted.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "relay-bench-bytecode")
    print(f"{'relay':<10} {'start s':>8} {'start CPU s':>12} {'kept ms':>8} {'fresh ms':>9} {'peak MB':>8}")
    for name, relay in (("ours", "ours"), *((("mitmproxy", options.mitmdump),) if options.mitmdump else ())):
        idle = min((measure(relay, 0, fresh=False) for _ in range(3)), key=lambda cost: cost.cpu_s)
        kept = measure(relay, options.requests, fresh=False)
        fresh = measure(relay, options.requests // 4, fresh=True)
        per_kept = (kept.cpu_s - idle.cpu_s) / options.requests * 1000
        per_fresh = (fresh.cpu_s - idle.cpu_s) / (options.requests // 4) * 1000
        print(
            f"{name:<10} {idle.start_s:>8.2f} {idle.cpu_s:>12.2f} "
            f"{per_kept:>8.2f} {per_fresh:>9.2f} {kept.rss_mb:>8.0f}"
        )


if __name__ == "__main__":
    main()
