"""The conformance kit: proves before each campaign that a room of this keeper is sealed, and refuses otherwise.

1. Listeners are opened on the host: loopback IPv4 and IPv6, a Unix socket in a folder, an abstract Unix socket; a file
   with a secret is laid beside them.
2. A probe program runs inside a room and tries to reach them, the outside, other processes and the kernel's doors. What
   it connects to must arrive at the room's own sockets, where the check counts.
3. Any attempt that got through, and any that could not be made, is a failed check; ``require_sealed`` then raises.
"""

from clearance.lab.conformance.check import Check, check_sealed, require_sealed

__all__ = ["Check", "check_sealed", "require_sealed"]
