"""From rulings to the files of whoever enforces them, with a report of what each of them cannot enforce."""

from clearance.policy.compile import dns_rpz, osquery, santa, squid
from clearance.policy.compile.assistants import ASSISTANTS
from clearance.policy.compile.target import Target

ALL: tuple[Target, ...] = (
    *ASSISTANTS,
    osquery.TARGET,
    santa.TARGET,
    squid.TARGET,
    dns_rpz.TARGET,
)
