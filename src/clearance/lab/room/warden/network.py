"""The room's network: every address is local, every port is caught, nothing leads out.

1. ``lo`` is up; a veth pair with both ends inside gives tools an ordinary-looking ``eth0``.
2. Every other IPv4 and IPv6 address is routed to ``lo`` as a local one (AnyIP). There is no default route.
3. nftables hands TCP and UDP for foreign addresses to transparent sockets. Loopback and ``eth0``'s own address are
   left alone, so that a tool's own servers work; the catching ports themselves answer there with a reset.
"""

import os
import socket
import subprocess

ADDRESS = "192.168.1.23"
RESOLVER = "10.0.0.53"
TCP_PORT = 64999
UDP_PORT = 64998

_IPV6_TRANSPARENT = 75
_IPV6_RECVORIGDSTADDR = 74
_IP_RECVORIGDSTADDR = 20
_IP_PKTINFO = 8
_BACKLOG = 512

_LINKS = f"""\
link set lo up
link add eth0 address 02:42:c0:a8:01:17 type veth peer name lan0 address 02:42:c0:a8:01:01
addr add {ADDRESS}/24 dev eth0
link set eth0 up
link set lan0 up
route add local default dev lo src {ADDRESS}
route add local ::/0 dev lo
"""

_RULES = f"""\
table inet room {{
 chain caught {{ type filter hook prerouting priority mangle; policy accept;
  ip daddr {{ 127.0.0.0/8, {ADDRESS} }} accept
  ip6 daddr ::1 accept
  udp dport 53 accept
  meta l4proto tcp tproxy to :{TCP_PORT} accept
  meta l4proto udp tproxy to :{UDP_PORT} accept
 }}
 chain own {{ type filter hook input priority filter; policy accept;
  ip daddr {{ 127.0.0.0/8, {ADDRESS} }} tcp dport {TCP_PORT} reject with tcp reset
  ip6 daddr ::1 tcp dport {TCP_PORT} reject with tcp reset
  ip daddr {{ 127.0.0.0/8, {ADDRESS} }} udp dport {UDP_PORT} reject
  ip6 daddr ::1 udp dport {UDP_PORT} reject
 }}
}}
"""


def lay_network(ip: str, nft: str) -> None:
    """Links, routes and rules of the network namespace this process is in. Raises OSError with the tool's words."""
    batches = ((ip, ["-batch", "-"], _LINKS), (nft, ["-f", "-"], _RULES))
    running = []
    for program, arguments, text in batches:  # side by side: neither needs the other's result
        process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={})
        running.append((os.path.basename(program), process, text))
    for name, process, text in running:
        words = process.communicate(text.encode())[1].decode(errors="replace").strip()
        if process.returncode != 0:
            raise OSError(f"{name}: {words}")


def open_sockets() -> tuple[socket.socket, socket.socket, socket.socket]:
    """The catching sockets (TCP listener, DNS, other UDP), dual-stack, in this network namespace."""
    tcp = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    tcp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    tcp.setsockopt(socket.IPPROTO_IPV6, _IPV6_TRANSPARENT, 1)
    tcp.bind(("::", TCP_PORT))
    tcp.listen(_BACKLOG)
    dns = _datagram_socket(53)
    dns.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
    dns.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    udp = _datagram_socket(UDP_PORT)
    udp.setsockopt(socket.IPPROTO_IP, _IP_RECVORIGDSTADDR, 1)
    udp.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVORIGDSTADDR, 1)
    return tcp, dns, udp


def _datagram_socket(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    made.setsockopt(socket.IPPROTO_IPV6, _IPV6_TRANSPARENT, 1)
    made.bind(("::", port))
    return made


def open_unsafe_sockets() -> tuple[socket.socket, socket.socket, socket.socket]:
    """Stand-ins on the host's loopback, for the deliberately unsealed room that tests the self-check."""
    tcp = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    tcp.bind(("::1", 0))
    tcp.listen(1)
    pair = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(2)]
    for made in pair:
        made.bind(("::1", 0))
    return tcp, pair[0], pair[1]
