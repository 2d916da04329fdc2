"""Where things lie in a pack, and how they are written there: what the writer and the verifier share."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from clearance.model.dossier import DossierDecision, DossierManifest, Exhibit, LedgerProof
from clearance.report.portable import portable_json
from clearance.report.proofs_check import tlog_proof

MANIFEST: Final = "MANIFEST.json"
SUMS: Final = "SHA256SUMS"
STATEMENT: Final = "statement.dsse.json"
KEY: Final = "public-key.pem"
PAGE: Final = "index.html"
HOW: Final = "VERIFY.md"
RESULTS: Final = "oscal/assessment-results.json"
POAM: Final = "oscal/poam.json"
REPORT: Final = "evidence/report.json"
REPORT_PAGE: Final = "evidence/report.html"
LOOK: Final = "evidence/look.json"
LOOK_PAGE: Final = "evidence/look.html"
APART: Final = (MANIFEST, SUMS, STATEMENT)
"""Files that the manifest does not list: the statement binds the first two, its signature binds the statement."""
REQUIRED: Final = (*APART, KEY, PAGE, HOW, REPORT, RESULTS, POAM)

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_LONGEST = 200


def is_plain(path: str) -> bool:
    """Whether a path stays inside the pack and is spelt in the one way that every system reads alike."""
    return len(path) <= _LONGEST and all(_PART.fullmatch(part) for part in path.split("/"))


def trace_path(sha256: str) -> str:
    """Where a trace lies."""
    return f"evidence/traces/{sha256}.trace"


def decision_files(decisions: Iterable[DossierDecision]) -> Mapping[str, bytes]:
    """Each decision as it lies in the pack."""
    return {f"decisions/{n:03d}.json": portable_json(d).encode() for n, d in enumerate(decisions, start=1)}


def proof_files(proofs: Iterable[LedgerProof]) -> Mapping[str, bytes]:
    """Each proof as a C2SP ``.tlog-proof``, with the record it proves and the log's key beside it."""
    files: dict[str, bytes] = {}
    for number, proof in enumerate(proofs, start=1):
        files[f"proofs/{number:03d}.tlog-proof"] = tlog_proof(proof).encode("utf-8", "backslashreplace")
        files[f"proofs/{number:03d}.leaf"] = proof.leaf
        files[f"proofs/{number:03d}.vkey"] = f"{proof.log}\n".encode("utf-8", "backslashreplace")
    return files


def manifest_text(manifest: DossierManifest) -> bytes:
    """The one form in which a manifest is written."""
    return portable_json(manifest).encode()


def sums_text(exhibits: Iterable[Exhibit], manifest_sha256: str) -> bytes:
    """What ``sha256sum --check`` reads: the manifest and every file that it lists, sorted by path."""
    rows = {MANIFEST: manifest_sha256} | {e.path: str(e.sha256) for e in exhibits}
    return "".join(f"{rows[path]}  {path}\n" for path in sorted(rows)).encode()
