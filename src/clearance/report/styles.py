"""How severities and verdicts look on a terminal; nothing is said by colour alone."""

from clearance.model.finding import Severity
from clearance.model.vetting import VerdictWord

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
VERDICT_STYLES = {
    VerdictWord.CLEAR: "bold green",
    VerdictWord.FINDINGS: "bold red",
    VerdictWord.INCOMPLETE: "bold yellow",
}
