"""A DNS response policy zone (BIND, Unbound, Knot, PowerDNS): refused hosts do not exist."""

from clearance.model.ruling import Ruling
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.network import refused_hosts
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Target

ID = "dns-rpz"
_ZONE = """; Written by Clearance from the company's decisions. Do not edit: compile again.
$TTL 300
@ IN SOA localhost. hostmaster.localhost. ( {serial} 3600 600 86400 300 )
@ IN NS localhost.
"""


def compile_dns_rpz(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """The zone and its coverage. Its serial number is the time of compiling, so that a later one is greater."""
    lines = [_ZONE.format(serial=int(context.now.timestamp()) % 2**32)]
    for refused in refused_hosts(rulings, context):
        bare = refused.host.removeprefix("*.")
        lines.append(f"; {refused.why}\n{bare} CNAME .\n*.{bare} CNAME .\n")
    file = CompiledFile(name="clearance.rpz", content="".join(lines).encode())
    return Compiled(files=(file,), coverage=covered(ID, numbered(rulings, ""), facts(ID), context))


TARGET = Target(id=ID, title="DNS response policy zone", tool="", compile=compile_dns_rpz)
