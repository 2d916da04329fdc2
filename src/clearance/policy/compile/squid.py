"""Squid: an include file with the hosts that are refused, and a list of hosts beside it."""

from clearance.model.ruling import Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.network import RefusedHost, refused_hosts
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target

ID = "squid"
_HEAD = "# Written by Clearance from the company's decisions. Do not edit: compile again.\n"
_LIST = "/etc/squid/clearance-refused.txt"


def compile_squid(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """Two files and their coverage."""
    hosts = refused_hosts(rulings, context)
    include = CompiledFile(
        name="clearance.conf", content=_include(hosts), paths={Platform.LINUX: "/etc/squid/conf.d/clearance.conf"}
    )
    listed = CompiledFile(name="clearance-refused.txt", content=_listed(hosts), paths={Platform.LINUX: _LIST})
    return Compiled(files=(include, listed), coverage=covered(ID, numbered(rulings, ""), facts(ID), context))


def _include(hosts: tuple[RefusedHost, ...]) -> bytes:
    if not hosts:
        return (_HEAD + "# Nothing is refused.\n").encode()
    return (_HEAD + f'acl clearance_refused dstdomain "{_LIST}"\nhttp_access deny clearance_refused\n').encode()


def _listed(hosts: tuple[RefusedHost, ...]) -> bytes:
    names = _without_covered([h.host.removeprefix("*") for h in hosts])
    return (_HEAD + "".join(f"{name}\n" for name in names)).encode()


def _without_covered(names: list[str]) -> list[str]:
    """Squid refuses a list in which one entry lies below another."""
    tops = [n for n in names if n.startswith(".")]
    return sorted(n for n in names if not any(n != top and (n == top[1:] or n.endswith(top)) for top in tops))


TARGET = Target(id=ID, title="Squid", tool="", compile=compile_squid)
