"""Whom the baseline turns to: a receiver beyond them is news, another way to one of them is not."""

from collections.abc import Iterable

from clearance.observe.behaviour.places import BASE_URL
from clearance.observe.behaviour.row import Row


class Contacts:
    """Hosts, ports, names and connections of the baseline rows."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._contacted: set[str] = set()
        self.ways: set[str] = set()
        """Names asked and connections opened, as places, whether or not a request accounts for them."""
        for row in rows:
            self._contacted |= row.contacted
            self.ways |= row.ways

    def new(self, host: str, port: int | str | None = None) -> str:
        """The host if the baseline never turns to it, host and port if only that port is new, else nothing."""
        if host in ("", BASE_URL):
            return ""
        if host not in self._contacted:
            return host
        return f"{host}:{port}" if port and f"{host}:{port}" not in self._contacted else ""
