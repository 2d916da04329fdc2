"""Reading traces: leaks with where they went, limits and outcomes counted, nothing kept that was not asked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from clearance.lab.reading import CampaignReader
from clearance.lab.recorder import write_trace
from clearance.lab.run import RunRecord
from clearance.model.canary import Canary, CanaryId
from clearance.model.cell import Cell
from clearance.model.ids import RunId
from clearance.model.trace import (
    BytesSeen,
    ClientHelloSeen,
    DatagramSeen,
    Event,
    LimitReached,
    MessageSeen,
    NameAsked,
    RequestSeen,
    ResponseSent,
    RunStarted,
    SessionStarted,
    TlsRefused,
)

TOKEN = "tok0123456789abcdefXYZ"
CANARY = Canary(id=CanaryId("env-token"), kind="token", token=TOKEN, place="$TOKEN")


def request(
    *, host: str = "x.example", body: bytes = b"{}", head: bytes = b"POST / HTTP/1.1\r\n\r\n", **more: object
) -> RequestSeen:
    fields = {"version": "1.1", "headers": (), **more}
    return RequestSeen(
        at=1, conn=1, stream=1, scheme="https", host=host, port=443, method="POST", target="/p?q=1", head=head, body=body,
        **fields,
    )  # fmt: skip


def record(folder: Path, events: Sequence[Event], *, run: str = "baseline-001", outcome: str = "exited") -> RunRecord:
    cell = Cell(run=RunId(run), phase="baseline", levels={})
    begin = [
        RunStarted(at=0, cell=cell, argv=(), wall_clock=0, api_hosts=("api.example",)),
        SessionStarted(at=0, number=1),
    ]
    path = folder / f"{run}.trace"
    digest = write_trace(path, [*begin, *events])
    return RunRecord(cell=cell, trace=path, digest=digest, outcome=outcome, detail="it said so", wall_s=1.0, cpu_s=0.5)


def reader(**how: object) -> CampaignReader:
    return CampaignReader(canaries=(CANARY,), purposes={"*.example": "telemetry"}, **how)


@pytest.mark.parametrize(
    ("event", "host"),
    [
        (request(body=TOKEN.encode()), "x.example"),
        (request(headers=((b"X", TOKEN.encode()),)), "x.example"),
        (request(version="2", head=b"", headers=((b"x", TOKEN.encode()),)), "x.example"),
        (request(body=b"a", body_raw=f"1;{TOKEN}\r\na\r\n0\r\n\r\n".encode()), "x.example"),
        (request(body=b"a", body_raw=f"1\r\na\r\n0\r\nX: {TOKEN}\r\n\r\n".encode()), "x.example"),
        (
            MessageSeen(at=1, conn=1, stream=1, host="w.example", target="/", binary=False, payload=TOKEN.encode()),
            "w.example",
        ),
        (
            NameAsked(
                at=1, name=f"{TOKEN}.e.x".lower(), name_raw=f"{TOKEN}.e.x", qtype="A", transport="udp", server="s"
            ),
            "the resolver",
        ),
        (ClientHelloSeen(at=1, conn=1, raw=b"\x16\x03" + TOKEN.encode(), server_name="sni.example"), "sni.example"),
        (BytesSeen(at=1, conn=1, payload=TOKEN.encode()), ""),
        (DatagramSeen(at=1, address="10.1.1.1", port=9, name="u.example", payload=TOKEN.encode()), "u.example"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_canary_is_found_wherever_something_leaves(tmp_path: Path, event: Event, host: str) -> None:
    reading = reader()
    reading.read(record(tmp_path, [event]), {})
    assert {(leak.canary, leak.host) for leak in reading.leaks()} == {("env-token", host)}
    assert TOKEN not in "".join(leak.excerpt for leak in reading.leaks())


def test_what_the_room_answers_is_no_leak(tmp_path: Path) -> None:
    reading = reader()
    reading.read(record(tmp_path, [ResponseSent(at=1, conn=1, stream=1, status=200, size=1, purpose=TOKEN)]), {})
    assert reading.leaks() == ()


def test_one_leak_names_every_run_that_shows_it_and_a_requested_file_is_expected(tmp_path: Path) -> None:
    reading = reader(requested=("env-token",))
    for run in ("baseline-001", "baseline-002"):
        reading.read(record(tmp_path, [request(body=TOKEN.encode())], run=run), {})
    (leak,) = reading.leaks()
    assert leak.runs == ("baseline-001", "baseline-002")
    assert leak.expected
    assert len(leak.traces) == 2


def test_limits_refusals_and_outcomes_are_counted(tmp_path: Path) -> None:
    reading = reader()
    events = [
        LimitReached(at=1, what="traffic", limit="64 MiB"),
        TlsRefused(at=1, conn=1, server_name="pin.example", reason="unknown ca"),
        request(headers=((b"Content-Encoding", b"br"),)),
    ]
    reading.read(record(tmp_path, events, outcome="timeout"), {})
    assert reading.limits == {("traffic", "64 MiB"): 1}
    assert reading.refused == {"pin.example": 1}
    assert reading.undecoded == {"br": 1}
    assert reading.outcomes == {("timeout", "it said so"): 1}
    assert reading.timeline == ()


def test_the_timeline_is_that_of_the_first_run_that_ended_by_itself(tmp_path: Path) -> None:
    reading = reader()
    reading.read(record(tmp_path, [request(host="late.example")], run="b-1", outcome="timeout"), {})
    reading.read(record(tmp_path, [request(host="good.example")], run="b-2"), {})
    reading.read(record(tmp_path, [request(host="more.example")], run="b-3"), {})
    assert ["good.example" in row.detail for row in reading.timeline] == [True]


def test_endpoints_have_bytes_runs_and_the_purpose_that_the_profile_says(tmp_path: Path) -> None:
    reading = reader()
    for run in ("b-1", "b-2"):
        reading.read(record(tmp_path, [request(body=b"12345", head=b"123")], run=run), {})
    (row,) = reading.endpoints.rows()
    assert (row.host, row.requests, row.bytes_out, row.runs, row.purpose) == ("x.example", 2, 16, 2, "telemetry")
    assert row.paths == ("POST /p",)
