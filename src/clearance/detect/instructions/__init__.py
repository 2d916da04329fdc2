"""What lines of a skill make an agent do: by verb, object, destination, and by the commands in them; not by tone."""

from clearance.detect.instructions.findings import instruction_findings
from clearance.detect.instructions.reading import read_instructions

__all__ = ["instruction_findings", "read_instructions"]
