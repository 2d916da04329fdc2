"""A registry double that speaks npm's and PyPI's protocols over real sockets, and archives made by hand."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from clearance.model.profile import Profile, Run, Source
from clearance.model.release import SourceType


def npm_archive(files: dict[str, bytes | str], *, modes: dict[str, int] | None = None) -> bytes:
    """A gzipped tar with everything below ``package/``."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(data)
            info.mode = (modes or {}).get(name, 0o644)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def wheel_archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@dataclass
class RegistryDouble:
    """What it serves can be changed while it runs; ``asked`` is every path that was requested."""

    url: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    packuments: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    break_after: dict[str, int] = field(default_factory=dict)
    """Path to bytes after which the connection is dropped, once."""

    def publish(self, name: str, version: str, archive: bytes | None = None, **manifest: Any) -> None:
        """Add a version with its archive; the newest published becomes ``latest``."""
        data = archive if archive is not None else npm_archive({"package.json": json.dumps({"name": name})})
        path = f"/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        self.answers[path] = (200, data)
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        dist = {"tarball": self.url + path, "integrity": integrity, **manifest.pop("dist", {})}
        doc = self.packuments.setdefault(name, {"name": name, "dist-tags": {}, "versions": {}, "time": {}})
        doc["versions"][version] = {"name": name, "version": version, "dist": dist, **manifest}
        doc["dist-tags"]["latest"] = version
        doc["time"][version] = "2026-01-02T03:04:05Z"
        self.answers[f"/{name}"] = (200, json.dumps(doc).encode())

    def publish_wheel(self, name: str, version: str, files: dict[str, str]) -> None:
        """A wheel without requirements on the index."""
        data = wheel_archive(files)
        filename = f"{name}-{version}-py3-none-any.whl"
        self.answers[f"/files/{filename}"] = (200, data)
        file = {
            "filename": filename,
            "url": f"{self.url}/files/{filename}",
            "digests": {"sha256": hashlib.sha256(data).hexdigest()},
            "packagetype": "bdist_wheel",
            "size": len(data),
            "upload_time_iso_8601": "2026-01-02T03:04:05Z",
        }
        info = {"name": name, "version": version, "author": "A. Maker", "requires_dist": [], "requires_python": ">=3.8"}
        body = json.dumps({"info": info, "urls": [file], "releases": {version: [file]}}).encode()
        self.answers[f"/pypi/{name}/json"] = (200, body)
        self.answers[f"/pypi/{name}/{version}/json"] = (200, body)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[RegistryDouble]:
    double = RegistryDouble()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(self.path)
            double.asked.append(path)
            status, body = double.answers.get(path, (404, b"{}"))
            start = int((self.headers.get("range") or "bytes=0-")[6:-1])
            self.send_response(206 if start else status)
            self.send_header("content-length", str(len(body) - start))
            self.end_headers()
            cut = double.break_after.pop(path, None)
            self.wfile.write(body[start:cut])
            if cut is not None:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("CLEARANCE_NPM_REGISTRY", double.url)
    monkeypatch.setenv("CLEARANCE_PYPI_INDEX", double.url)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield double
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def npm_profile() -> Callable[..., Profile]:
    def make(name: str = "@maker/agent", **run: Any) -> Profile:
        fields = {"command": ("node", "{package}/cli.js"), "api": "anthropic-messages", **run}
        return Profile(id="agent", title="Agent", source=Source(type=SourceType.NPM, name=name), run=Run(**fields))

    return make


@pytest.fixture
def path_profile() -> Profile:
    return Profile(id="some-agent", title="Some Agent", source=Source(type=SourceType.PATH), gap="only taken in")


@dataclass
class RawTar:
    """A tar written byte by byte, so that it can say what no honest program writes."""

    data: bytes = b""

    def add(
        self,
        name: bytes,
        content: bytes = b"",
        *,
        kind: bytes = b"0",
        mode: int = 0o644,
        target: bytes = b"",
        size: int | None = None,
    ) -> "RawTar":
        header = bytearray(512)
        header[0 : len(name[:100])] = name[:100]
        header[100:108] = b"%07o\0" % mode
        header[124:136] = b"%011o\0" % (len(content) if size is None else size)
        header[156:157] = kind
        header[157 : 157 + len(target)] = target
        header[257:265] = b"ustar\x0000"
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        self.data += bytes(header) + content + b"\0" * (-len(content) % 512)
        return self

    def write(self, path: Path, *, compress: bool = True) -> Path:
        whole = self.data + b"\0" * 1024
        path.write_bytes(gzip.compress(whole) if compress else whole)
        return path


@pytest.fixture
def raw_tar() -> Callable[[], RawTar]:
    return RawTar


@pytest.fixture
def archives() -> tuple[Callable[..., bytes], Callable[..., bytes]]:
    """npm_archive, wheel_archive."""
    return npm_archive, wheel_archive
