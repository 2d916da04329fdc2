import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.world import asides
from clearance.lab.world.answer import Reply
from clearance.model.trace import RequestSeen


def ask(method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
    host, _, path = url.partition("/")
    sent = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return asides.answer(
        RequestSeen(
            at=0.0,
            conn=1,
            stream=1,
            scheme="https",
            host=host,
            port=443,
            method=method,
            target=f"/{path}",
            version="1.1",
            headers=sent,
            head=b"",
            body=body,
        )
    )


@pytest.mark.parametrize(
    ("method", "url", "status", "purpose"),
    [
        ("POST", "collector.example.com/api/event_logging/batch", 200, "telemetry"),
        ("POST", "otel.example.com/v1/traces", 200, "telemetry"),
        ("POST", "example.com/api/123/envelope/", 200, "telemetry"),
        ("POST", "browser-intake.example.com/api/v2/rum", 200, "telemetry"),
        ("POST", "example.com/v1/initialize", 200, "feature-flags"),
        ("GET", "example.com/api/features/sdk-abc", 200, "feature-flags"),
        ("GET", "registry.example.com/some-tool", 200, "update"),
        ("GET", "registry.example.com/@scope%2ftool", 200, "update"),
        ("GET", "api.example.com/repos/o/r/releases/latest", 404, "update"),
        ("GET", "pypi.example.org/pypi/tool/json", 404, "update"),
        ("GET", "downloads.example.com/tool/latest", 404, "update"),
        ("POST", "auth.example.com/oauth/token", 401, "auth"),
        ("GET", "example.com/api/oauth/profile", 401, "auth"),
        ("GET", "example.com/.well-known/oauth-authorization-server", 404, "discovery"),
        ("GET", "api.example.com/api/tool/settings", 404, "settings"),
        ("GET", "api.example.com/api/tool/policy_limits", 404, "settings"),
        ("GET", "example.com/generate_204", 204, "connectivity"),
        ("GET", "example.com/tool.tgz", 404, "download"),
        ("GET", "169.254.169.254/latest/meta-data/iam/", 404, "cloud-metadata"),
        ("HEAD", "example.com/anything", 200, "generic"),
        ("OPTIONS", "example.com/anything", 200, "generic"),
        ("GET", "example.com/data/api.json", 404, "generic"),
        ("POST", "example.com/some/thing", 200, "generic"),
        ("POST", "assist.example.com/v1internal:loadCodeAssist", 200, "auth"),
    ],
)
def test_the_shape_of_a_request_tells_what_it_is_for(method: str, url: str, status: int, purpose: str) -> None:
    reply = ask(method, url)
    assert (reply.status, reply.purpose) == (status, purpose)


def test_a_registry_offers_nothing_newer() -> None:
    packument = json.loads(ask("GET", "registry.example.com/@scope%2ftool").chunks[0])
    assert (packument["name"], packument["dist-tags"]["latest"]) == ("@scope/tool", asides.OLD)
    assert packument["versions"][asides.OLD]["dist"]["tarball"].endswith("/@scope/tool/-/tool-0.0.1.tgz")
    manifest = json.loads(ask("GET", "registry.example.com/tool/latest").chunks[0])
    assert manifest["version"] == asides.OLD
    by_header = ask("GET", "mirror.example.com/tool", accept="application/vnd.npm.install-v1+json")
    assert by_header.purpose == "update"


def test_an_otlp_export_in_protobuf_gets_an_empty_message() -> None:
    reply = ask("POST", "otel.example.com/v1/metrics", b"\x0a", content_type="application/x-protobuf")
    assert (reply.chunks, dict(reply.headers)["content-type"]) == ((), "application/x-protobuf")


def test_json_rpc_is_answered_with_its_own_id() -> None:
    reply = json.loads(
        ask("POST", "mcp.example.com/mcp", b'{"jsonrpc": "2.0", "id": 7, "method": "initialize"}').chunks[0]
    )
    assert (reply["id"], reply["error"]["code"]) == (7, -32601)
    assert ask("POST", "mcp.example.com/mcp", b'{"jsonrpc": "2.0", "method": "x"}').status == 202


def test_a_socket_that_is_not_granted_is_refused_at_once() -> None:
    assert (ask("GET", "example.com/live", upgrade="websocket").status) == 404


def test_a_browser_gets_a_page() -> None:
    assert ask("GET", "example.com/docs", accept="text/html,*/*").chunks[0].startswith(b"<!doctype html>")


@given(
    method=st.text(max_size=8),
    target=st.text(max_size=80),
    host=st.text(max_size=30),
    body=st.binary(max_size=40),
    name=st.binary(max_size=12),
    value=st.binary(max_size=30),
)
def test_nothing_that_a_client_sends_raises(
    method: str, target: str, host: str, body: bytes, name: bytes, value: bytes
) -> None:
    reply = asides.answer(
        RequestSeen(
            at=0.0,
            conn=1,
            stream=1,
            scheme="http",
            host=host,
            port=80,
            method=method,
            target=target,
            version="1.1",
            headers=((name, value),),
            head=b"",
            body=body,
        )
    )
    assert 200 <= reply.status < 500
