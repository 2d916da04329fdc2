"""Real clients over real sockets."""

import asyncio
import base64
import json
import shutil
import ssl

import dnslib
import httpx
import pytest

from clearance.model.trace import ClientHelloSeen, ConnectionClosed, NameAsked, RequestSeen, ResponseSent, TlsRefused

pytestmark = pytest.mark.enable_socket


needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")


def run(serve, turn, **options):
    async def whole():
        async with serve(**options) as place:
            await asyncio.wait_for(turn(place), 60)
        return place

    return asyncio.run(whole())


async def command(*argv: str, env: dict[str, str] | None = None, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        *argv, env=env, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate(stdin)
    return process.returncode or 0, out, err


def trusting(place, **options) -> httpx.AsyncClient:
    context = ssl.create_default_context(cafile=str(place.ca))
    return httpx.AsyncClient(verify=context, trust_env=False, **options)


@pytest.mark.parametrize(("http2", "version"), [(False, "1.1"), (True, "2")])
def test_httpx_is_answered_and_recorded(serve, http2, version):
    body = bytes(range(256)) * 600

    async def turn(place):
        async with trusting(place, http2=http2) as client:
            first = await client.post(place.url + "/v1/x?y=1", content=body, headers={"X-Odd": "a  b"})
            second = await client.get(place.url + "/stream")
            third = await client.get(place.url + "/big")
            fourth = await client.get(place.url + "/none")
        assert (first.text, second.text, len(third.content)) == (f"POST {len(body)}", "one two three", 1_000_000)
        assert fourth.status_code == 204
        assert first.http_version.removeprefix("HTTP/") == version

    place = run(serve, turn)
    requests = place.seen(RequestSeen)
    assert [request.target for request in requests] == ["/v1/x?y=1", "/stream", "/big", "/none"]
    assert requests[0].body == body
    assert (requests[0].scheme, requests[0].host, requests[0].version) == ("https", "localhost", version)
    assert len({request.conn for request in requests}) == 1
    assert [response.size for response in place.seen(ResponseSent)] == [11, 13, 1_000_000, 0]
    assert len(place.seen(ClientHelloSeen)) == len(place.seen(ConnectionClosed)) == 1
    assert place.seen(ClientHelloSeen)[0].server_name == "localhost"
    assert not place.seen(TlsRefused)


def test_curl_speaks_http2_and_http1(serve):
    async def turn(place):
        for flag in ("--http1.1", "--http2"):
            code, out, err = await command(
                "curl", "-sS", flag, "--cacert", str(place.ca), "-d", "hello", place.url + "/p"
            )
            assert (code, out) == (0, b"POST 5"), err

    place = run(serve, turn)
    assert [request.version for request in place.seen(RequestSeen)] == ["1.1", "2"]
    assert all(request.head for request in place.seen(RequestSeen))


@needs_node
def test_node_fetch_trusts_the_authority_by_its_own_variable(serve):
    script = "fetch(process.argv[1],{method:'POST',body:'x'.repeat(1000)}).then(r=>r.text()).then(t=>console.log(t))"

    async def turn(place):
        env = {"NODE_EXTRA_CA_CERTS": str(place.ca), "PATH": "/usr/bin:/bin"}
        code, out, err = await command("node", "-e", script, place.url + "/n", env=env)
        assert (code, out) == (0, b"POST 1000\n"), err

    (request,) = run(serve, turn).seen(RequestSeen)
    assert request.head.startswith(b"POST /n HTTP/1.1\r\nhost: localhost:")
    assert json.dumps([name.decode() for name, _ in request.headers]).startswith('["host", "connection"')


def test_a_client_that_does_not_trust_us_is_a_refusal_with_its_name(serve):
    async def turn(place):
        code, _, _ = await command("curl", "-sS", place.url + "/p")
        assert code == 60

    place = run(serve, turn)
    (refused,) = place.seen(TlsRefused)
    assert (refused.server_name, refused.reason) == ("localhost", "unknown ca")
    assert not place.seen(RequestSeen)


def test_openssl_without_a_server_name_over_tls12_gets_a_certificate_for_the_address(serve):
    async def turn(place):
        host, port = place.tcp
        argv = [
            "openssl",
            "s_client",
            "-connect",
            f"{host}:{port}",
            "-noservername",
            "-tls1_2",
            "-CAfile",
            str(place.ca),
        ]
        argv += ["-verify_ip", "127.0.0.1", "-verify_return_error", "-quiet"]
        _, out, err = await command(*argv, stdin=b"GET /o HTTP/1.0\r\n\r\n")
        assert b"GET 0" in out, err

    place = run(serve, turn)
    (hello,) = place.seen(ClientHelloSeen)
    assert hello.server_name == ""
    assert hello.raw.startswith(b"\x16\x03")
    (request,) = place.seen(RequestSeen)
    assert (request.host, request.version) == ("127.0.0.1", "1.0")


def test_a_client_that_leaves_after_the_handshake_without_a_word_is_a_refusal(serve):
    async def turn(place):
        context = ssl.create_default_context(cafile=str(place.ca))
        _, writer = await asyncio.open_connection(*place.tcp, ssl=context, server_hostname="localhost")
        writer.close()
        await writer.wait_closed()

    (refused,) = run(serve, turn, now=lambda: 0.0).seen(TlsRefused)
    assert refused.server_name == "localhost"
    assert "without a word" in refused.reason


@pytest.mark.parametrize("proxy", ["http", "socks4a", "socks5h", "socks5"])
def test_curl_goes_through_us_as_its_proxy(serve, proxy):
    async def turn(place):
        url = "https://127.0.0.9:8443/p" if proxy == "socks5" else "https://api.example.com:8443/p"
        argv = ["curl", "-sS", "-x", f"{proxy}://user:pass@127.0.0.1:{place.tcp[1]}", "--cacert", str(place.ca), url]
        code, out, err = await command(*argv)
        assert (code, out) == (0, b"GET 0"), err

    place = run(serve, turn)
    request = place.seen(RequestSeen)[-1]
    assert (request.scheme, request.port, request.proxied) == ("https", 8443, True)
    assert request.host == ("127.0.0.9" if proxy == "socks5" else "api.example.com")
    if proxy == "http":
        assert place.seen(RequestSeen)[0].method == "CONNECT"


def test_a_plain_request_through_a_proxy_is_answered_for_its_host(serve):
    async def turn(place):
        argv = ["curl", "-sS", "-x", f"http://127.0.0.1:{place.tcp[1]}", "http://shop.example/cart?x=1"]
        assert await command(*argv) == (0, b"GET 0", b"")

    (request,) = run(serve, turn).seen(RequestSeen)
    assert (request.scheme, request.host, request.port, request.target) == ("http", "shop.example", 80, "/cart?x=1")
    assert request.head.startswith(b"GET http://shop.example/cart?x=1 HTTP/1.1\r\n")


def test_many_streams_at_once_on_one_http2_connection(serve):
    async def turn(place):
        async with trusting(place, http2=True) as client:
            posts = (client.post(place.url + f"/{n}", content=b"x" * 10_000 * n) for n in range(40))
            answers = await asyncio.gather(*posts, client.get(place.url + "/big"))
        assert [answer.text for answer in answers[:40]] == [f"POST {10_000 * n}" for n in range(40)]
        assert len(answers[40].content) == 1_000_000

    place = run(serve, turn)
    assert len({(request.conn, request.stream) for request in place.seen(RequestSeen)}) == 41


@pytest.mark.parametrize("http2", [False, True])
def test_dns_in_https_is_a_question_like_any_other(serve, http2):
    query = bytes(dnslib.DNSRecord.question("Hidden.example", "A").pack())
    kind = {"Content-Type": "application/dns-message"}
    encoded = base64.urlsafe_b64encode(query).decode().rstrip("=")

    async def turn(place):
        async with trusting(place, http2=http2) as client:
            posted = await client.post(place.url + "/dns-query", content=query, headers=kind)
            got = await client.get(place.url + f"/dns-query?dns={encoded}")
            await client.get(place.url + "/x?dns=!!")
        for answer in (posted, got):
            assert str(dnslib.DNSRecord.parse(answer.content).rr[0].rdata) == place.names.ipv4("hidden.example")

    place = run(serve, turn)
    assert [(event.name_raw, event.transport, event.server) for event in place.seen(NameAsked)] == [
        ("Hidden.example", "https", "localhost")
    ] * 2
    assert len(place.seen(RequestSeen)) == 3


@needs_node
@pytest.mark.parametrize("pinned", [False, True])
def test_node_that_does_not_trust_us_or_pins_is_a_refusal(serve, pinned):
    """Node checks certificates after the handshake and leaves without an alert."""
    pin = "checkServerIdentity: () => new Error('pinned')" if pinned else "minVersion: 'TLSv1.3'"
    script = f"require('https').get(process.argv[1], {{{pin}}}).on('error', e => console.log(e.message))"

    async def turn(place):
        env = {"PATH": "/usr/bin:/bin", **({"NODE_EXTRA_CA_CERTS": str(place.ca)} if pinned else {})}
        code, out, _ = await command("node", "-e", script, place.url + "/n", env=env)
        assert (code, b"pinned" in out) == (0, pinned)

    place = run(serve, turn, now=lambda: 0.0)
    assert [refused.server_name for refused in place.seen(TlsRefused)] == ["localhost"]
    assert not place.seen(RequestSeen)
