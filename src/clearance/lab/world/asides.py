"""Plausible answers to everything that is not a model API, told by the shape of a request rather than by who is asked.

Rules are tried from the top; the first that knows the request answers. None depends on anything but the request.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from clearance.lab.world.answer import Reply
from clearance.lab.world.vocabulary import listed, words_of
from clearance.model.trace import RequestSeen
from clearance.model.wire.jsontree import Json, WireError, at, encode, parse

OLD = "0.0.1"
"""The version that registries offer: nothing installed is older, so no update starts."""

_TELEMETRY = listed("""
    telemetry metrics metric traces trace logs log logging events event batch track tracking capture collect analytics
    intake rgstr envelope store identify beacon ping usage report reports crash stats otlp otel sentry datadog rum e
    heartbeat diagnostics
""")
_FLAGS = listed("""
    flags flag feature features statsig growthbook experiment experiments gates gate initialize decide bootstrap
    eval toggles rollout variations launchdarkly unleash remoteconfig killswitch
""")
_AUTH = listed("""
    oauth oauth2 token tokens auth login logout signin profile account accounts userinfo session sessions me user users
    organization organizations subscription credentials credential device license entitlements identity sso whoami
    authorize permissions quota billing keys
""")
_MANAGED = listed("settings policy policies limits restrictions managed")
_UPDATE = listed("update updates updater latest version versions release releases changelog upgrade stable appcast")
_PROBES = re.compile(r"/(generate_?204|gen_204|connecttest\.txt|ncsi\.txt|success\.txt|hotspot-detect\.html)$")
_BINARY = re.compile(
    r"\.(png|jpe?g|gif|ico|svg|webp|woff2?|zip|tgz|gz|xz|zst|bz2|tar|exe|dmg|msi|deb|rpm|whl|vsix|node|wasm|bin|so|"
    r"dll|pack|mp[34])$"
)
_DATA_FILE = re.compile(r"\.(json|jsonc|ya?ml|toml|txt|md|xml|csv|sha256|sig|asc)$")
_METADATA = re.compile(
    r"^/(latest/(meta-data|dynamic|api/token|user-data)|computeMetadata/|metadata/(instance|identity))"
)
_RELEASES = re.compile(r"^(/api/v3)?/repos/[^/]+/[^/]+/(releases|tags|commits|contents)\b|/releases/latest$")
_PYPI = re.compile(r"^/(pypi/[^/]+(/[^/]+)?/json|simple/[^/]+/?)$")
_PACKAGE = re.compile(r"^/(@[^/]+/[^/]+|[a-z0-9][a-z0-9._-]*)(/[^/]+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request as the rules look at it."""

    method: str
    host: str
    path: str
    """Unquoted, without the query."""
    words: frozenset[str]
    """Of host and path."""
    accept: str
    content_type: str
    upgrade: str
    body: bytes


def answer(request: RequestSeen) -> Reply:
    """The reply to a request that is not for a model API. Never raises."""
    asked = _look(request)
    for rule in _RULES:
        if reply := rule(asked):
            return reply
    return _json(200, {}, purpose="generic")


def _look(request: RequestSeen) -> _Asked:
    headers = {name.lower(): value.decode("latin-1").lower() for name, value in request.headers}
    path = unquote(re.sub(r"^[a-z]+://[^/]*", "", request.target.partition("?")[0])) or "/"
    host = request.host.lower()
    words = frozenset(words_of(host.rpartition(".")[0])) | {
        word for part in path.split("/")[:20] for word in words_of(part)
    }
    return _Asked(
        method=request.method.upper(),
        host=host,
        path=path,
        words=words,
        accept=headers.get(b"accept", ""),
        content_type=headers.get(b"content-type", ""),
        upgrade=headers.get(b"upgrade", ""),
        body=request.body,
    )


def _json(status: int, value: Json, *, purpose: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    kind = (("content-type", "application/json"), *headers)
    return Reply(status=status, headers=kind, chunks=(encode(value),), purpose=purpose)


def _missing(purpose: str) -> Reply:
    return _json(404, {"message": "Not Found", "status": "404"}, purpose=purpose)


def _bodiless(asked: _Asked) -> Reply | None:
    if asked.method == "OPTIONS":
        return Reply(
            status=200,
            headers=(
                ("access-control-allow-origin", "*"),
                ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
                ("access-control-allow-headers", "*"),
            ),
        )
    if asked.method == "HEAD":
        return Reply(status=200, headers=(("content-type", "application/json"),))
    return None


def _socket(asked: _Asked) -> Reply | None:
    """An upgrade that was not granted: nobody listens here, which ends the attempt at once."""
    return _missing("websocket") if "websocket" in asked.upgrade else None


def _probe(asked: _Asked) -> Reply | None:
    found = _PROBES.search(asked.path)
    if not found:
        return None
    if "204" in found.group(1):
        return Reply(status=204, purpose="connectivity")
    return Reply(status=200, headers=(("content-type", "text/plain"),), chunks=(b"success\n",), purpose="connectivity")


def _metadata(asked: _Asked) -> Reply | None:
    return _missing("cloud-metadata") if _METADATA.search(asked.path) else None


def _well_known(asked: _Asked) -> Reply | None:
    return _missing("discovery") if "/.well-known/" in asked.path else None


def _download(asked: _Asked) -> Reply | None:
    if asked.method == "GET" and _BINARY.search(asked.path.lower()):
        return Reply(
            status=404, headers=(("content-type", "text/plain"),), chunks=(b"Not Found\n",), purpose="download"
        )
    return None


def _code_assist(asked: _Asked) -> Reply | None:
    """The set-up calls beside Gemini's wrapped dialect: this account is ready."""
    if asked.method != "POST" or not re.search(r"/v1internal:\w+$", asked.path):
        return None
    tier: Json = {"id": "standard-tier", "name": "Standard", "isDefault": True}
    ready: dict[str, Json] = {"currentTier": tier, "allowedTiers": [tier], "cloudaicompanionProject": "project"}
    return _json(200, {**ready, "done": True, "response": dict(ready)}, purpose="auth")


def _rpc(asked: _Asked) -> Reply | None:
    """JSON-RPC (MCP servers among others): no method is known here."""
    if asked.method != "POST" or b'"jsonrpc"' not in asked.body[:4096]:
        return None
    try:
        call = parse(asked.body)
    except WireError:
        return None
    if at(call, "id") is None:
        return Reply(status=202, purpose="rpc")
    error: Json = {"code": -32601, "message": "Method not found"}
    return _json(200, {"jsonrpc": "2.0", "id": at(call, "id"), "error": error}, purpose="rpc")


def _graphql(asked: _Asked) -> Reply | None:
    return _json(200, {"data": {}}, purpose="generic") if asked.path.endswith("/graphql") else None


def _embeddings(asked: _Asked) -> Reply | None:
    if asked.method != "POST" or not asked.path.endswith("/embeddings"):
        return None
    row: Json = {"object": "embedding", "index": 0, "embedding": [0.0] * 8}
    usage: Json = {"prompt_tokens": 8, "total_tokens": 8}
    return _json(200, {"object": "list", "data": [row], "model": "embedding", "usage": usage}, purpose="model:aside")


def _flags(asked: _Asked) -> Reply | None:
    if not asked.words & _FLAGS:
        return None
    return _json(200, {"features": {}, "has_updates": False}, purpose="feature-flags")


def _managed(asked: _Asked) -> Reply | None:
    """An organisation's settings: nobody has made any.

    An empty object would be a document that lacks its fields, and
    clients ask for that again and again, longer apart each time, before they begin.
    """
    return _missing("settings") if asked.method == "GET" and asked.words & _MANAGED else None


def _telemetry(asked: _Asked) -> Reply | None:
    if asked.method not in ("POST", "PUT") or not asked.words & _TELEMETRY:
        return None
    if "protobuf" in asked.content_type:  # an empty export response is zero bytes long
        return Reply(status=200, headers=(("content-type", "application/x-protobuf"),), purpose="telemetry")
    if re.search(r"/v1/(traces|metrics|logs)$", asked.path):
        return _json(200, {"partialSuccess": {}}, purpose="telemetry")
    return _json(200, {"success": True}, purpose="telemetry")


def _auth(asked: _Asked) -> Reply | None:
    if not asked.words & _AUTH:
        return None
    said: Json = {
        "error": "invalid_token",
        "error_description": "The access token is invalid.",
        "message": "Unauthorized",
    }
    return _json(401, said, purpose="auth", headers=(("www-authenticate", 'Bearer error="invalid_token"'),))


def _registry(asked: _Asked) -> Reply | None:
    """A package registry in npm's protocol: every package exists, in one old version."""
    package = _PACKAGE.match(asked.path)
    speaks = "vnd.npm.install" in asked.accept or {"registry", "npm", "npmjs", "npmmirror"} & asked.words
    if asked.method != "GET" or not package or not speaks:
        return None
    name, asked_version = package.group(1), package.group(2)
    tarball = f"https://{asked.host}/{name}/-/{name.rpartition('/')[2]}-{OLD}.tgz"
    manifest: Json = {
        "name": name,
        "version": OLD,
        "dist": {"tarball": tarball, "shasum": "0" * 40, "integrity": "", "fileCount": 1, "unpackedSize": 1},
    }
    if asked_version:
        return _json(200, manifest, purpose="update")
    packument: Json = {
        "_id": name,
        "name": name,
        "dist-tags": {"latest": OLD},
        "versions": {OLD: manifest},
        "modified": "2020-01-01T00:00:00.000Z",
        "time": {"created": "2020-01-01T00:00:00.000Z", OLD: "2020-01-01T00:00:00.000Z"},
    }
    return _json(200, packument, purpose="update")


def _update(asked: _Asked) -> Reply | None:
    if asked.method != "GET":
        return None
    named = _RELEASES.search(asked.path) or _PYPI.search(asked.path)
    return _missing("update") if named or asked.words & _UPDATE else None


def _page(asked: _Asked) -> Reply | None:
    if asked.method != "GET":
        return None
    if _DATA_FILE.search(asked.path.lower()) or "/info/refs" in asked.path:
        return _missing("generic")  # a tool falls back to the copy that it carries
    if asked.accept.startswith("text/html"):
        page = b"<!doctype html><title>OK</title><p>OK</p>\n"
        return Reply(status=200, headers=(("content-type", "text/html; charset=utf-8"),), chunks=(page,))
    return None


_RULES: tuple[Callable[[_Asked], Reply | None], ...] = (
    _bodiless,
    _socket,
    _probe,
    _metadata,
    _well_known,
    _download,
    _code_assist,
    _rpc,
    _graphql,
    _embeddings,
    _flags,
    _managed,
    _telemetry,
    _registry,
    _update,
    _auth,
    _page,
)
