"""What this part refuses, with advice for a person."""

from clearance.lab.errors import LabError


class ThreatsError(LabError):
    """Rows, weights or settings of the classifiers cannot be used."""
