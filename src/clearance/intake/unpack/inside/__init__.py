"""Open what hides inside files: archives, single-file executables, source maps. Nothing is run, nothing is held whole.

1. A file is read in pieces (``region``), and what lies uncompressed in it stays there: an offset and a size.
2. What is compressed goes to a scratch folder under names of ours (``findings``); an archive's names are only noted.
3. Limits on depth, members and bytes end the opening of one container with a Problem; what was found is kept.
4. Of a container that was opened, its own path holds what no member took (an executable's runtime, a zip's directory),
   so that every byte is read once; bytes that nothing claims are members too (``unclaimed``).
5. What could not be opened is an ``Unopened`` with the reason, and stays a member that is read by its strings.
"""

from clearance.intake.unpack.inside.opened import FoundMember, InsideLimits, Opened
from clearance.intake.unpack.inside.release import open_release

__all__ = ["FoundMember", "InsideLimits", "Opened", "open_release"]
