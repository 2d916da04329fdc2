"""DNS: each name its own address; hostile bytes never raise."""

import ipaddress

import dnslib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.lab.world.dns import answer_query
from clearance.lab.world.names import NameBook

NAMES = st.from_regex(r"[a-z0-9_-]{1,20}(\.[a-z0-9-]{1,20}){0,4}", fullmatch=True)


def ask(name: str, qtype: str, book: NameBook) -> tuple:
    query = dnslib.DNSRecord.question(name, qtype)
    answered = answer_query(query.pack(), book)
    reply = dnslib.DNSRecord.parse(answered.reply)
    assert reply.header.id == query.header.id
    assert reply.header.qr == 1
    assert reply.header.ra == 1
    assert reply.questions == query.questions
    return answered, reply


@settings(deadline=None, max_examples=60)
@given(NAMES, st.sampled_from(["A", "AAAA"]))
def test_every_name_has_one_stable_address_that_leads_back_to_it(name, qtype):
    book = NameBook()
    answered, reply = ask(name, qtype, book)
    (record,) = reply.rr
    assert str(record.rdata) == answered.asked[0].answer
    assert record.rname == name
    assert book.name_of(str(record.rdata)) == name
    assert ask(name.upper(), qtype, NameBook())[0].asked[0].answer == str(record.rdata)


def test_colliding_names_still_get_addresses_of_their_own(monkeypatch):
    monkeypatch.setattr("clearance.lab.world.names._V4_SIZE", 4096)
    book = NameBook()
    names = [f"host-{n}.example" for n in range(2000)]  # in 4,096 places hundreds collide
    assert len({book.ipv4(name) for name in names}) == len(names)
    assert len({book.ipv6(name) for name in names}) == len(names)
    assert all(book.name_of(book.ipv6(name)) == name for name in names[:100])


@pytest.mark.parametrize("qtype", ["HTTPS", "SVCB", "TXT", "MX", "SRV", "CAA", "NS"])
def test_other_types_exist_but_are_empty(qtype):
    answered, reply = ask("api.example.com", qtype, NameBook())
    assert (reply.header.rcode, list(reply.rr)) == (0, [])
    assert answered.asked[0].qtype == qtype


def test_an_address_is_looked_up_backwards():
    book = NameBook()
    address = book.ipv4("api.example.com")
    reverse = ".".join(reversed(address.split("."))) + ".in-addr.arpa"
    assert str(ask(reverse, "PTR", book)[1].rr[0].rdata) == "api.example.com."
    assert ask("9.9.9.9.in-addr.arpa", "PTR", book)[1].header.rcode == 3


def test_an_ipv6_address_is_looked_up_backwards():
    book = NameBook()
    reverse = ipaddress.ip_address(book.ipv6("api.example.com")).reverse_pointer
    assert str(ask(reverse, "PTR", book)[1].rr[0].rdata) == "api.example.com."


def test_localhost_stays_at_home():
    assert ask("localhost", "A", NameBook())[0].asked[0].answer == "127.0.0.1"
    assert ask("x.localhost", "AAAA", NameBook())[0].asked[0].answer == "::1"


def test_case_and_odd_bytes_of_a_name_are_kept():
    query = b"\0\1\1\0\0\1\0\0\0\0\0\0" + b"\4Ap.i\3c\xffM\0" + b"\0\1\0\1"
    answered = answer_query(query, NameBook())
    assert answered.asked[0].name_raw == r"Ap\046i.c\255M"
    assert query[12:] in answered.reply


def test_edns_is_answered_and_options_in_it_are_surplus():
    query = dnslib.DNSRecord.question("a.example", "A")
    query.add_ar(dnslib.EDNS0(udp_len=1232))
    plain = answer_query(query.pack(), NameBook())
    assert not plain.surplus
    assert len(dnslib.DNSRecord.parse(plain.reply).ar) == 1
    query.ar.clear()
    query.add_ar(dnslib.EDNS0(udp_len=1232, opts=[dnslib.EDNSOption(65001, b"hidden")]))
    assert answer_query(query.pack(), NameBook()).surplus


def test_a_tool_that_asks_for_ever_costs_no_memory(monkeypatch):
    monkeypatch.setattr("clearance.lab.world.names._MOST_NAMES", 10)
    book = NameBook()
    assert len({book.ipv4(f"{n}.example") for n in range(100)}) == 11


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise(message):
    answer_query(message, NameBook())


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60), st.integers(1, 3))
def test_arbitrary_questions_never_raise_and_replies_parse_as_headers(question, count):
    answered = answer_query(b"\1\2\1\0" + count.to_bytes(2, "big") + bytes(6) + question, NameBook())
    if answered is not None:
        assert answered.reply[:2] == b"\1\2"
        assert len(answered.asked) == count
