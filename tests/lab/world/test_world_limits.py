"""Datagrams, limits, and what must surface when the world closes."""

import asyncio
import contextlib
import socket

import dnslib
import pytest

from clearance.model.trace import (
    BytesSeen,
    ConnectionClosed,
    ConnectionOpened,
    DatagramSeen,
    LimitReached,
    NameAsked,
    RequestSeen,
)

pytestmark = pytest.mark.enable_socket


def run(serve, turn, **options):
    async def whole():
        async with serve(**options) as place:
            await asyncio.wait_for(turn(place), 60)
        return place

    return asyncio.run(whole())


async def exchange(address: tuple[str, int], data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(data)
        writer.write_eof()
        return await reader.read()
    finally:
        writer.transport.abort()


async def datagram(address: tuple[str, int], data: bytes, *, answered: bool) -> bytes:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        await loop.sock_sendto(sock, data, address)
        return await asyncio.wait_for(loop.sock_recv(sock, 4096), 10) if answered else b""


def test_dns_is_answered_from_the_address_that_was_asked_and_datagrams_are_recorded(serve):
    async def turn(place):
        query = dnslib.DNSRecord.question("Api.Example.com", "A")
        reply = dnslib.DNSRecord.parse(await datagram(place.dns, query.pack(), answered=True))
        assert str(reply.rr[0].rdata) == place.names.ipv4("api.example.com")
        await datagram(place.dns, b"not dns", answered=False)
        await datagram(place.udp, b"quic?", answered=False)

    place = run(serve, turn)
    (asked,) = place.seen(NameAsked)
    assert (asked.name, asked.name_raw, asked.transport) == ("api.example.com", "Api.Example.com", "udp")
    assert asked.server == "127.0.0.1"
    assert [event.payload for event in place.seen(DatagramSeen)] == [b"not dns", b"quic?"]


def test_a_name_that_was_asked_names_the_connection_to_its_address(serve):
    async def turn(place):
        place.names._names["127.0.0.1"] = "api.example.com"
        await exchange(place.tcp, b"\x01\x02raw")

    place = run(serve, turn)
    (opened,) = place.seen(ConnectionOpened)
    assert (opened.name, opened.address, opened.port) == ("api.example.com", *place.tcp)
    assert [event.payload for event in place.seen(BytesSeen)] == [b"\x01\x02raw"]
    assert place.seen(ConnectionClosed)[0].received == 5


def test_beyond_the_traffic_limit_connections_are_closed_and_it_says_so_once(serve):
    async def turn(place):
        for _ in range(3):
            with contextlib.suppress(OSError):
                await exchange(place.tcp, b"POST / HTTP/1.1\r\nContent-Length: 900000\r\n\r\n" + bytes(800_000))

    place = run(serve, turn, traffic_limit=500_000)
    (reached,) = place.seen(LimitReached)
    assert (reached.what, reached.limit) == ("traffic", "500000 bytes")
    (request,) = place.seen(RequestSeen)
    assert not request.complete
    assert 0 < len(request.body) <= 500_000
    assert len(place.seen(ConnectionOpened)) == len(place.seen(ConnectionClosed)) == 1


def test_beyond_the_connections_limit_new_ones_are_closed_and_it_says_so_once(serve):
    async def turn(place):
        for _ in range(6):
            with contextlib.suppress(OSError):
                await exchange(place.tcp, b"GET / HTTP/1.0\r\n\r\n")

    place = run(serve, turn, connections_limit=3)
    assert len(place.seen(RequestSeen)) == 3
    assert [event.what for event in place.seen(LimitReached)] == ["connections"]


def test_a_flood_of_tiny_requests_reaches_the_traffic_limit_too(serve):
    async def turn(place):
        with contextlib.suppress(OSError):
            await exchange(place.tcp, b"GET / HTTP/1.1\r\n\r\n" * 20_000)

    place = run(serve, turn, traffic_limit=1_000_000)
    assert len(place.seen(LimitReached)) == 1
    assert len(place.events) < 20_000


def test_an_open_connection_is_recorded_when_the_world_closes(serve):
    async def turn(place):
        _, writer = await asyncio.open_connection(*place.tcp)
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        await writer.drain()
        await place.world.close()
        writer.transport.abort()

    place = run(serve, turn)
    (request,) = place.seen(RequestSeen)
    assert (request.body, request.complete) == (b"half", False)
    assert isinstance(place.events[-1], ConnectionClosed)


def test_a_mistake_of_ours_surfaces_when_the_world_closes(serve):
    async def turn(place):
        await exchange(place.tcp, b"GET /wrong HTTP/1.1\r\n\r\n")

    with pytest.raises(RuntimeError, match="the script is wrong"):
        run(serve, turn)


def test_silent_connections_are_closed(serve, monkeypatch):
    monkeypatch.setattr("clearance.lab.world.world._SWEEP_S", 0.05)

    async def turn(place):
        reader, writer = await asyncio.open_connection(*place.tcp)
        with contextlib.suppress(OSError):
            assert await reader.read() == b""
        writer.transport.abort()

    place = run(serve, turn, idle_s=0.1)
    assert len(place.seen(ConnectionClosed)) == 1


def test_events_come_in_order_of_time(serve):
    async def turn(place):
        await asyncio.gather(*(exchange(place.tcp, b"GET /stream HTTP/1.0\r\n\r\n") for _ in range(20)))

    times = [event.at for event in run(serve, turn).events]
    assert times == sorted(times)
    assert len(times) == 80


def test_the_last_words_of_a_dead_room_are_still_read(serve):
    async def turn(place):
        for number in range(30):  # nothing is awaited: the world has had no turn to accept or read any of these
            with socket.create_connection(place.tcp) as sock:
                sock.sendall(b"POST /last HTTP/1.1\r\nContent-Length: 5\r\n\r\nword" + str(number % 10).encode())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"farewell", place.udp)

    place = run(serve, turn)
    assert len(place.seen(RequestSeen)) == len(place.seen(ConnectionClosed)) == 30
    assert [event.payload for event in place.seen(DatagramSeen)] == [b"farewell"]


def test_a_recorder_that_fails_ends_the_traffic_and_surfaces(serve):
    def full(event):
        raise OSError(28, "No space left on device")

    async def turn(place):
        for _ in range(3):
            with contextlib.suppress(OSError):
                assert b"200" not in await exchange(place.tcp, b"GET / HTTP/1.1\r\n\r\n")

    with pytest.raises(OSError, match="No space left"):
        run(serve, turn, sink=full)
