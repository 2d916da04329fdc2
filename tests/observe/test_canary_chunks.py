from clearance.model.canary import Canary, CanaryId
from clearance.model.trace import BytesSeen, ConnectionOpened, DatagramSeen, MessageSeen, NameAsked, RequestSeen
from clearance.observe.canary_chunks import chunks
from clearance.observe.canary_search import CanarySearch

TOKEN = "ghp_2yW4Acq9GFz6Y1t9EwL56nGisiWgNZq6ITZM"
SEARCH = CanarySearch([Canary(id=CanaryId("c"), kind="k", token=TOKEN, place="~/x")])


def request(target: str = "/", headers: tuple[tuple[bytes, bytes], ...] = (), body: bytes = b"") -> RequestSeen:
    return RequestSeen(
        at=0.1, conn=1, stream=1, scheme="https", host="h.example", port=443, method="POST", target=target,
        version="2", headers=headers, head=b"\x82\x87", body=body,
    )  # fmt: skip


def test_every_kind_of_emission_is_searched() -> None:
    token = TOKEN.encode()
    for event in (
        NameAsked(
            at=0, name=f"{TOKEN.lower()}.x", name_raw=f"{TOKEN}.x", qtype="A", transport="udp", server="10.0.0.53"
        ),
        request(target=f"/?q={TOKEN}"),
        request(headers=((b":path", b"/"), (b"x-id", token))),
        request(body=token),
        MessageSeen(at=0, conn=1, stream=1, host="h", target="/", binary=True, payload=token),
        BytesSeen(at=0, conn=1, payload=token),
        DatagramSeen(at=0, address="1.2.3.4", port=9, name="", payload=token),
    ):
        assert [s.canary for s in SEARCH.search(chunks([event]))], event


def test_what_carries_nothing_is_left_out() -> None:
    assert list(chunks([ConnectionOpened(at=0, conn=1, address="1.2.3.4", port=443)])) == []


def test_an_undecodable_name_does_not_break_the_search() -> None:
    name = NameAsked(at=0, name="\udcff", name_raw="\udcff", qtype="A", transport="udp", server="x")
    assert SEARCH.search(chunks([name])) == ()
