"""Where a request went, as against where it says it goes."""

import pytest

from clearance.model.trace import ClientHelloSeen, ConnectionOpened, RequestSeen
from clearance.observe.behaviour.route import (
    Endpoint,
    Route,
    Routes,
    addressed,
    endpoint_of_url,
    greeted,
    host_choices,
    target_choices,
)

API = "api.vendor.example"


def request(
    host: str = API, *, authority: str | None = None, target: str = "/v1", method: str = "POST", **more: object
) -> RequestSeen:
    said = host if authority is None else authority
    fields = {"scheme": "https", "port": 443, "version": "1.1", **more}
    return RequestSeen(
        at=1, conn=1, stream=1, host=host, method=method, target="/v1", body=b"",
        headers=((b"Host", said.encode()),), head=f"{method} {target} HTTP/1.1\r\n\r\n".encode(), **fields,
    )  # fmt: skip


def opened(name: str = API, port: int = 443, address: str = "34.64.1.2") -> ConnectionOpened:
    return ConnectionOpened(at=0, conn=1, address=address, port=port, name=name)


def hello(name: str) -> ClientHelloSeen:
    return ClientHelloSeen(at=0, conn=1, raw=b"", server_name=name)


def route(*events: object, last: RequestSeen) -> Route:
    routes = Routes()
    for event in events:
        routes.take(event)
    return routes.of(last)


def test_a_direct_request_goes_where_its_connection_goes() -> None:
    found = route(opened(), last=request("fronted.example"))
    assert found.to == Endpoint("https", API, 443)
    assert addressed(request("fronted.example"), found) == "fronted.example"
    assert addressed(request(API), found) == "as connected"


def test_a_connection_to_an_address_that_nobody_asked_for_goes_to_that_address() -> None:
    assert route(opened(name=""), last=request()).to.host == "34.64.1.2"


def test_a_tunnel_goes_to_its_end_and_a_proxy_without_one_to_the_host_that_it_is_told() -> None:
    door = request(API, method="CONNECT", proxied=True)
    assert route(opened("proxy.example", 3128), door, last=request(proxied=True)).to == Endpoint("https", API, 443)
    relayed = request(target=f"http://{API}/v1", scheme="http", port=80, proxied=True)
    found = route(opened("proxy.example", 3128), last=relayed)
    assert found.to == Endpoint("http", API, 80)
    assert not found.direct
    assert not list(target_choices(relayed, found))


def test_without_a_connection_the_request_is_believed() -> None:
    assert route(last=request()).to == Endpoint("https", API, 443)


@pytest.mark.parametrize(
    ("name", "said"),
    [(API, "as connected"), ("other.example", "other.example"), ("", "none"), (f"{API}.", "as connected")],
)
def test_the_name_in_the_greeting_is_held_against_the_connection(name: str, said: str) -> None:
    assert greeted(route(opened(), hello(name), last=request())) == said


def test_a_greeting_without_a_name_is_usual_for_an_address() -> None:
    assert greeted(route(opened(name=""), hello(""), last=request("34.64.1.2"))) == ""
    assert greeted(route(opened(), last=request())) == ""


@pytest.mark.parametrize(
    ("authority", "said"),
    [
        (API, "as connected"),
        ("API.vendor.example", "as connected"),
        (f"{API}.", "as connected"),
        (f"{API}:443", "as connected"),
        (f"{API}:8443", f"{API}:8443"),
        ("", ""),
    ],
)
def test_a_host_header_names_whom_it_names_however_it_is_written(authority: str, said: str) -> None:
    found = request(authority=authority)
    assert addressed(found, route(opened(), last=found)) == said


@pytest.mark.parametrize(
    ("authority", "situation"),
    [("API.vendor.example", "host letters"), (f"{API}.", "host dot"), (f"{API}:443", "host usual port")],
)
def test_each_way_to_write_a_host_header_is_a_choice_of_its_own(authority: str, situation: str) -> None:
    def choices(said: str) -> dict[str, str]:
        found = request(authority=said)
        return dict(host_choices(found, route(opened(), last=found)))

    usual, other = choices(API), choices(authority)
    assert {k for k in usual if usual[k] != other[k]} == {situation}


def test_a_port_that_has_to_be_written_is_no_choice_beside_one_that_has_not() -> None:
    found = request(authority="10.1.1.1:8080", scheme="http", port=8080)
    choices = dict(host_choices(found, route(opened("", 8080, "10.1.1.1"), last=found)))
    assert "host usual port" not in choices


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://api.x.example/v1", Endpoint("https", "api.x.example", 443)),
        ("http://10.1.1.1:8080", Endpoint("http", "10.1.1.1", 8080)),
        ("HTTPS://Api.X.example.", Endpoint("https", "api.x.example", 443)),
        ("", None),
        ("https://x:99999999", None),
    ],
)
def test_a_url_names_a_receiver(url: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of_url(url) == endpoint
    if endpoint:
        assert endpoint_of_url(endpoint.url) == endpoint
