"""Lessons of the zoo: how a request gets there, how its target is spelt, how long a random value is, what is said where."""

import secrets

import pytest

from clearance.model.cell import Cell
from clearance.model.finding import ChannelClass
from clearance.model.ids import FactorName, LevelName, RunId
from clearance.model.trace import (
    ConnectionOpened,
    Event,
    NameAsked,
    RequestSeen,
    ResponseSent,
    RunStarted,
    SessionStarted,
)
from clearance.observe.behaviour.canonical import Statements
from clearance.observe.behaviour.classify import channel_of
from clearance.observe.behaviour.deviation import Deviation
from clearance.observe.behaviour.reference import Reference
from clearance.observe.behaviour.row import Row
from clearance.observe.behaviour.rows import rows_of
from clearance.observe.difference import Shown

VENDOR = "https://api.vendor.example"
STATEMENTS = Statements(
    {
        "locale": {"en_US.UTF-8": ("en_US.UTF-8", "en_US"), "C": ("POSIX",)},
        "git_remote": {"github": ("https://github.com/a/b.git", "github.com"), "none": (), "lab": ("git.lab.example",)},
        "ci_env": {"none": (), "Jenkins": ("build", "Jenkins")},
    }
)
BASELINE = {"locale": "en_US.UTF-8", "git_remote": "github", "ci_env": "none"}


def events(
    url: str = VENDOR, *, target: str = "/v1/messages", conns: int = 1, to: str = "", proxied: bool = False
) -> list[Event]:
    host, _, port = url.partition("://")[2].partition(":")
    scheme = url.partition(":")[0]
    cell = Cell(run=RunId("r"), phase="screen", levels={})
    found: list[Event] = [
        RunStarted(
            at=0, cell=cell, argv=(), wall_clock=1e9, api_hosts=(host,), custom_base_url=url != VENDOR, api_url=url
        ),
        SessionStarted(at=0, number=1),
    ]
    if not host[0].isdigit():
        found.append(NameAsked(at=1, name=host, name_raw=host, qtype="A", transport="udp", server="10.0.0.53"))
    for conn in range(1, conns + 1):
        found.append(ConnectionOpened(at=1, conn=conn, address="10.0.0.9", port=int(port or 443), name=to or host))
        found.append(
            RequestSeen(
                at=1, conn=conn, stream=1, scheme=scheme, host=host, port=int(port or 443), method="POST", target=target,
                version="1.1", headers=(), head=b"POST / HTTP/1.1\r\n\r\n", body=b"{}", proxied=proxied,
            )
        )  # fmt: skip
        found.append(ResponseSent(at=1, conn=conn, stream=1, status=200, size=2, purpose=f"model:turn-{conn}"))
    return found


def places(**how: object) -> dict[str, str]:
    (row,) = rows_of(events(**how))
    return row.places


def deviations(baseline: list[dict[str, str]], other: dict[str, str], **levels: str) -> tuple[Deviation, ...]:
    def row(found: dict[str, str], staged: dict[str, str]) -> Row:
        cell = Cell(run=RunId("r"), phase="screen", levels={FactorName(f): LevelName(v) for f, v in staged.items()})
        return Row(cell=cell, session=1, wall_clock=1e9, api_hosts=(), places=found)

    reference = Reference([row(b, BASELINE) for b in baseline], STATEMENTS)
    return reference.deviations(row(other, BASELINE | levels))


@pytest.mark.parametrize("url", ["https://gw.north.example", "http://10.20.30.40:8080"])
def test_another_base_url_alone_is_no_difference(url: str) -> None:
    assert deviations([places()] * 2, places(url=url)) == ()


def test_a_configured_scheme_that_is_not_kept_shows() -> None:
    (row,) = rows_of(
        [
            *events()[:2],
            *(e for e in events("http://api.vendor.example") if not isinstance(e, RunStarted | SessionStarted)),
        ]
    )
    assert row.places["model:turn-1 > destination"] == "http://api.vendor.example:443"


def test_the_way_through_a_proxy_adds_its_connection_and_nothing_else() -> None:
    way = "connection proxy.corp.example:443"
    assert places(to="proxy.corp.example", proxied=True) == places() | {way: "opened"}


def test_a_name_that_nothing_goes_to_and_an_idle_connection_are_places() -> None:
    ask = NameAsked(at=2, name="t.example", name_raw="t.example", qtype="A", transport="udp", server="10.0.0.53")
    idle = ConnectionOpened(at=2, conn=9, address="10.0.0.8", port=4444, name="t.example")
    (row,) = rows_of([*events(), ask, idle])
    assert {"dns t.example A", "connection t.example:4444"} <= set(row.places)


def test_a_question_that_no_request_needs_is_a_place_even_for_a_host_that_is_reached() -> None:
    ask = NameAsked(at=2, name="api.vendor.example", name_raw="x", qtype="TXT", transport="udp", server="10.0.0.53")
    (row,) = rows_of([*events(), ask])
    assert "dns api.vendor.example TXT" in row.places


def test_connections_beyond_the_first_are_counted_and_a_change_is_a_side_channel() -> None:
    one, two = places(conns=2), places(conns=2) | {}
    one.pop("connection model:* #2")
    (found,) = deviations([one] * 2, two, ci_env="Jenkins")
    assert channel_of(found, ("ci_env",)) is ChannelClass.SIDE_CHANNEL


@pytest.mark.parametrize(
    ("usual", "marked"),
    [("/m?client=zoo", "/m?client=%7Aoo"), ("/a:b", "/a%3Ab"), ("/m?q=a%2Fb", "/m?q=a%2fb"), ("/zoo", "/%7aoo")],
)
def test_a_target_spelt_otherwise_is_a_marker_of_form(usual: str, marked: str) -> None:
    (found,) = deviations([places(target=usual)] * 2, places(target=marked), ci_env="Jenkins")
    assert found.shown is Shown.FORM
    assert found.mechanisms in {("escaping",), ("case",)}


def test_an_escaped_slash_is_no_separator() -> None:
    assert (
        places(target="/a%2Fb")["model:turn-1 > request line"] != places(target="/a/b")["model:turn-1 > request line"]
    )


def test_a_value_in_the_query_is_a_place_of_its_own() -> None:
    assert places(target="/m?zone=Asia%2FTokyo")["model:turn-1 > query/zone"] == "Asia/Tokyo"


@pytest.mark.parametrize("size", [8, 64])
def test_another_length_of_what_is_random_is_a_side_channel(size: int) -> None:
    baseline = [{"model:turn-1 > json/nonce": secrets.token_hex(16)} for _ in range(4)]
    (found,) = deviations(baseline, {"model:turn-1 > json/nonce": secrets.token_hex(size)}, ci_env="Jenkins")
    assert channel_of(found, ("ci_env",)) is ChannelClass.SIDE_CHANNEL
    assert found.label == ("longer" if size > 16 else "shorter")


def test_lengths_that_vary_by_themselves_are_no_difference() -> None:
    baseline = [{"model:turn-1 > json/nonce": secrets.token_hex(n)} for n in (16, 20, 24)]
    assert deviations(baseline, {"model:turn-1 > json/nonce": secrets.token_hex(18)}, ci_env="Jenkins") == ()


@pytest.mark.parametrize(
    ("usual", "other", "levels"),
    [
        ("The locale is en_US.", "The locale is C.", {"locale": "C"}),
        ("Remote: github.com", "Remote: ", {"git_remote": "none"}),
        ("Locale en_US, remote github.com", "Locale C, remote ", {"locale": "C", "git_remote": "none"}),
    ],
)
def test_a_level_where_the_baseline_states_its_own_is_stated(usual: str, other: str, levels: dict[str, str]) -> None:
    (found,) = deviations([{"model:turn-1 > json/a": usual}] * 2, {"model:turn-1 > json/a": other}, **levels)
    assert found.shown is Shown.STATED
    assert set(found.states) == set(levels)


def test_a_space_more_beside_such_a_statement_is_not_said() -> None:
    usual, other = "The locale is en_US.", "The locale is  C."
    (found,) = deviations([{"model:turn-1 > json/a": usual}] * 2, {"model:turn-1 > json/a": other}, locale="C")
    assert found.shown is not Shown.STATED


def test_a_word_of_a_level_in_a_hosts_name_states_nothing_and_the_whole_host_does() -> None:
    mark = "POST build-stats.example/v1 > present"
    (found,) = deviations([{"a": "1"}] * 2, {"a": "1", mark: "sent"}, ci_env="Jenkins")
    assert channel_of(found, ("ci_env",)) is ChannelClass.CONDITIONAL_TRAFFIC
    mark = "GET git.lab.example/info > present"
    (found,) = deviations([{"a": "1"}] * 2, {"a": "1", mark: "sent"}, git_remote="lab")
    assert channel_of(found, ("git_remote",)) is ChannelClass.DISCLOSED
