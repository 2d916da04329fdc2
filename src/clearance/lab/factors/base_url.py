"""The host that the assistant is told to talk to: the vendor's, a neutral gateway, or one under a known domain.

Hosts are data (``hosts.toml``): domains of AI labs, clouds, resellers and companies, by country. Country and kind
rotate together, so that whatever budget takes from the front has seen as many of both as it can.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from urllib.parse import urlsplit

import msgspec

from clearance.lab.expand import Expansion
from clearance.lab.factors.context import FactorContext, name, with_extra
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_NEUTRAL = "https://llm-gateway.example.net"
_PRIVATE = ("http://10.20.30.40:8080", "https://llm.corp.internal")
_HOST = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")


class Host(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``hosts.toml``."""

    host: str
    country: str
    kind: str
    """``lab``, ``cloud``, ``router`` or ``company``."""


class _Hosts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``hosts.toml``."""

    kinds: tuple[str, ...]
    hosts: tuple[Host, ...]


def build(context: FactorContext) -> Factor:
    """The factor; extra levels are hosts, URLs, domain suffixes or words that a host name may hold."""
    make = _Maker(context.expansion)
    known = [f"https://{row.host}" for row in rotated(*shipped_hosts())]
    urls = (_NEUTRAL, *known[:4], _PRIVATE[0], *known[4:], _PRIVATE[1])
    factor = Factor(
        name=FactorName("base_url"),
        why="Which gateway carries a request is the customer's choice; the request should be the same through each.",
        baseline=Level(name=LevelName("vendor's own host"), stage=make.stage(None)),
        levels=tuple(make.level(url) for url in urls),
        order=10,
    )
    return with_extra(context, factor, make.found)


def shipped_hosts() -> tuple[tuple[str, ...], tuple[Host, ...]]:
    """The kinds in rotation order, and every host in file order."""
    text = files("clearance.lab.factors").joinpath("hosts.toml").read_bytes()
    data = msgspec.toml.decode(text, type=_Hosts)
    return data.kinds, data.hosts


def rotated(kinds: tuple[str, ...], hosts: tuple[Host, ...]) -> tuple[Host, ...]:
    """Round after round one host of each country; in round r country c gives its kind c + r, or the next it has."""
    left = {country: [h for h in hosts if h.country == country] for country in dict.fromkeys(h.country for h in hosts)}
    order: list[Host] = []
    rounds = 0
    while any(left.values()):
        for position, rows in enumerate(left.values()):
            if rows:
                wanted = [kinds[(position + rounds + step) % len(kinds)] for step in range(len(kinds))]
                order.append(min(rows, key=lambda row: wanted.index(row.kind)))
                rows.remove(order[-1])
        rounds += 1
    return tuple(order)


class _Maker:
    """Levels for base URLs of one release."""

    def __init__(self, expansion: Expansion) -> None:
        self._expansion = expansion
        self._path = expansion.run.base_url_path

    def stage(self, url: str | None) -> Callable[[Staging], Staging]:
        return lambda staging: self._expansion.with_base_url(staging, url)

    def level(self, url: str) -> Level:
        full = url + self._path
        host = urlsplit(url).netloc
        plain = dict.fromkeys((full, url, host, host.partition(":")[0]))
        return Level(name=name(url), stage=self.stage(full), renderings=tuple(plain))

    def found(self, value: str) -> Level | None:
        """A level for something a release carries: a URL's host, a host, ``.suffix``, ``*.suffix`` or a bare word."""
        text = value.strip().lower()
        if "://" in text:
            text = urlsplit(text).hostname or ""
        suffix = text.startswith((".", "*."))
        text = text.lstrip("*.")
        if not _HOST.match(text) or len(text) > 200:
            return None
        if suffix:
            text = f"api.{text}"
        elif "." not in text:
            text = f"{text}.example.net"  # a rule that looks for a word finds it here
        return self.level(f"https://{text}")
