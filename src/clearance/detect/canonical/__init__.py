"""One text, many spellings: the views of a text that are judged, and what is hidden in it."""

from clearance.detect.canonical.findings import hidden_findings
from clearance.detect.canonical.nouns import HiddenSpan, View, ViewProblem
from clearance.detect.canonical.views import Views, canonical

__all__ = ["HiddenSpan", "View", "ViewProblem", "Views", "canonical", "hidden_findings"]
