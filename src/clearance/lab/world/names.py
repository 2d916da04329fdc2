"""The book of names: each name has an address of its own, the same in every room of a campaign."""

import hashlib
import ipaddress

_V4 = int(ipaddress.IPv4Address("34.64.0.0"))
_V4_SIZE = 1 << 22
_V6 = int(ipaddress.IPv6Address("2600:1900:4000::"))
_MOST_NAMES = 200_000


class NameBook:
    """Name to address and back.

    An address is a function of the name (SHA-256), so that two campaigns agree; a collision moves the later name to
    the next free address. Addresses look public: tools treat private ones differently. Beyond 200,000 names nothing
    more is remembered and names share one last address, so that a tool that asks for ever costs no memory.
    """

    def __init__(self) -> None:
        self._v4: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def ipv4(self, name: str) -> str:
        """The IPv4 address of a name, dotted. ``localhost`` and its children are 127.0.0.1."""
        name = _plain(name)
        if _is_local(name):
            return "127.0.0.1"
        if name not in self._v4:
            self._remember(name)
        return self._v4.get(name, str(ipaddress.IPv4Address(_V4 + _V4_SIZE)))

    def ipv6(self, name: str) -> str:
        """The IPv6 address of a name. It ends in the name's IPv4 address, so it is as free of collisions."""
        name = _plain(name)
        if _is_local(name):
            return "::1"
        v4 = int(ipaddress.IPv4Address(self.ipv4(name)))
        address = str(ipaddress.IPv6Address(_V6 + v4))
        if name in self._v4:
            self._names.setdefault(address, name)
        return address

    def name_of(self, address: str) -> str:
        """The name whose address it is, lower case; empty when no name has it."""
        return self._names.get(address, "")

    def _remember(self, name: str) -> None:
        if len(self._v4) >= _MOST_NAMES:
            return
        place = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()[:4], "big")
        while (address := str(ipaddress.IPv4Address(_V4 + place % _V4_SIZE))) in self._names:
            place += 1
        self._v4[name] = address
        self._names[address] = name


def _plain(name: str) -> str:
    return name.lower().rstrip(".")


def _is_local(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")
