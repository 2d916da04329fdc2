"""Verifying a pack that may be hostile, from its bytes alone.

1. The statement is an envelope in the one form that we write, signed by the key that was given, or else by the pack's.
2. The statement names the digests of MANIFEST.json and SHA256SUMS.
3. The manifest is in the one form that we write, its paths stay inside the pack, and no two are alike.
4. SHA256SUMS says what the manifest says.
5. Every file is there with its size and digest, and no other file is there.
6. The statement's subjects and verdict are those of the manifest; its findings are those of the report in the pack.
7. Decisions and proofs lie in the pack as the manifest has them; each proof leads to its checkpoint.

Everything wrong is named, not only the first. A step that cannot be done is a problem.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearance.model.dossier import DossierManifest, LedgerProof, PackChecked, PackProblem
from clearance.report import pack_layout as layout
from clearance.report.attest import read_statement, statement, subjects
from clearance.report.dsse import key_id, opened, read_public_key, signed_by
from clearance.report.errors import ReportError
from clearance.report.reading import read_report
from clearance.report.statement_shapes import PAYLOAD_TYPE, Statement

Prove = Callable[[LedgerProof, str], str]
"""Proof and the log's verifier key to what is wrong with it, empty when it is proven."""
_UNREADABLE = "is not there or cannot be read"


class PackFolder(Protocol):
    """A pack as it lies somewhere: who reads it keeps links, devices and what is too large away."""

    @property
    def problems(self) -> tuple[PackProblem, ...]:
        """What is wrong with the folder itself."""

    @property
    def sizes(self) -> dict[str, int]:
        """Path to size of every regular file."""

    def read(self, path: str) -> bytes | None:
        """A file that has to be read as a whole; None: it is not there, or too large."""

    def digest(self, path: str) -> str:
        """SHA-256 of a file, in hex; empty: it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """What whoever verifies brings along."""

    key: Ed25519PublicKey | None = None
    """Of the signer; None: the pack's own is used."""
    log_key: str = ""
    """Of the log; empty: each proof's own is used."""


def check_pack(pack: PackFolder, trusted: Trusted, *, prove: Prove) -> PackChecked:
    """All that is wrong with the pack, and what was trusted."""
    problems = list(pack.problems)
    key = _key(pack, trusted.key, problems)
    said = _statement(pack, key, problems)
    manifest = _manifest(pack, problems)
    compared = 0
    if manifest is not None:
        problems += _files(pack, manifest)
        compared = sum(e.path in pack.sizes for e in manifest.exhibits)
        problems += _agreement(pack, manifest, said)
        problems += _decided(pack, manifest, trusted, prove)
    problems += [
        PackProblem(path=path, problem="is missing; every dossier has it")
        for path in layout.REQUIRED
        if path not in pack.sizes
    ]
    return PackChecked(
        problems=tuple(dict.fromkeys(problems)),
        notes=tuple(_notes(manifest, trusted)),
        manifest=manifest,
        keyid=key_id(key) if key else "",
        key_given=trusted.key is not None,
        files=compared,
    )


def _key(pack: PackFolder, given: Ed25519PublicKey | None, problems: list[PackProblem]) -> Ed25519PublicKey | None:
    """The key to check with: the one that was given, or else the pack's own."""
    try:
        own = read_public_key(pack.read(layout.KEY) or b"")
    except ReportError:
        problems.append(PackProblem(path=layout.KEY, problem="is no Ed25519 public key in PEM"))
        return given
    if given is not None and key_id(given) != key_id(own):
        problems.append(PackProblem(path=layout.KEY, problem="is not the key that was given"))
    return given or own


def _statement(pack: PackFolder, key: Ed25519PublicKey | None, problems: list[PackProblem]) -> Statement | None:
    """Steps 1 and 2. None when it cannot be read; a statement with a wrong signature is still compared."""
    try:
        envelope = opened(pack.read(layout.STATEMENT) or b"")
        said = read_statement(envelope.payload)
    except ValueError as error:
        problems.append(PackProblem(path=layout.STATEMENT, problem=f"cannot be read: {error}"))
        return None
    if envelope.payload_type != PAYLOAD_TYPE:
        problems.append(PackProblem(path=layout.STATEMENT, problem="is not of the type of an in-toto statement"))
    if key is None or not signed_by(envelope, key):
        problems.append(PackProblem(path=layout.STATEMENT, problem="is not signed by the key it was checked with"))
    for path in (layout.MANIFEST, layout.SUMS):
        text = pack.read(path)
        if text is None or hashlib.sha256(text).hexdigest() != said.predicate.pack.get(path):
            problems.append(PackProblem(path=path, problem="is not the file that the signed statement names"))
    return said


def _manifest(pack: PackFolder, problems: list[PackProblem]) -> DossierManifest | None:
    """Steps 3 and 4. A manifest that the statement does not name is read all the same, to name more that is wrong."""
    text = pack.read(layout.MANIFEST)
    try:
        manifest = msgspec.json.decode(text or b"", type=DossierManifest)
        same = layout.manifest_text(manifest) == text
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        problems.append(PackProblem(path=layout.MANIFEST, problem=f"cannot be read: {why}"))
        return None
    if not same:
        problems.append(PackProblem(path=layout.MANIFEST, problem="is written in another form than ours"))
    if pack.read(layout.SUMS) != layout.sums_text(manifest.exhibits, hashlib.sha256(text or b"").hexdigest()):
        problems.append(PackProblem(path=layout.SUMS, problem="does not say what the manifest says"))
    return manifest


def _files(pack: PackFolder, manifest: DossierManifest) -> Iterator[PackProblem]:
    """Steps 3 and 5."""
    listed = Counter(e.path.casefold() for e in manifest.exhibits)
    for item in manifest.exhibits:
        if not layout.is_plain(item.path) or item.path in layout.APART:
            yield PackProblem(path=item.path, problem="is listed, and no file of a pack may be called so")
        elif listed[item.path.casefold()] > 1:
            yield PackProblem(path=item.path, problem="is listed twice")
        elif item.path not in pack.sizes:
            yield PackProblem(path=item.path, problem="is listed and not there")
        elif pack.sizes[item.path] != item.size:
            yield PackProblem(path=item.path, problem=f"has {pack.sizes[item.path]} bytes and should have {item.size}")
        elif pack.digest(item.path) != item.sha256:
            yield PackProblem(path=item.path, problem="was changed: its digest is not the one that is listed")
    known = {e.path for e in manifest.exhibits} | set(layout.APART)
    for path in sorted(pack.sizes.keys() - known):
        yield PackProblem(path=path, problem="is there and not listed")


def _agreement(pack: PackFolder, manifest: DossierManifest, said: Statement | None) -> Iterator[PackProblem]:
    """Step 6."""
    try:
        vetting = read_report(pack.read(layout.REPORT) or b"")
    except ReportError as error:
        yield PackProblem(path=layout.REPORT, problem=f"cannot be read: {error}")
        return
    if (vetting.release, vetting.verdict) != (manifest.release, manifest.verdict):
        yield PackProblem(path=layout.REPORT, problem="is about another release, or comes to another verdict")
    if said is None:
        return
    if said.subject != subjects(manifest.release):
        yield PackProblem(path=layout.STATEMENT, problem="is about other artifacts than the manifest's")
    predicate = said.predicate
    told = read_statement(
        statement(vetting, None, manifest.decisions, pack=predicate.pack, created=manifest.created)
    ).predicate
    if msgspec.structs.replace(predicate, look=None) != told:
        yield PackProblem(path=layout.STATEMENT, problem="says other things than the report and the manifest")


def _decided(pack: PackFolder, manifest: DossierManifest, trusted: Trusted, prove: Prove) -> Iterator[PackProblem]:
    """Step 7."""
    try:
        wanted = {**layout.decision_files(manifest.decisions), **layout.proof_files(manifest.proofs)}
    except ValueError as error:
        yield PackProblem(path=layout.MANIFEST, problem=f"holds a decision or proof that has no file: {error}")
        return
    for path, text in wanted.items():
        if pack.read(path) != text:
            yield PackProblem(path=path, problem="does not say what the manifest says")
    lie = {path for path in pack.sizes if path.startswith(("decisions/", "proofs/"))}
    for path in sorted(lie - wanted.keys()):
        yield PackProblem(path=path, problem="belongs to no decision and no proof of the manifest")
    for number, proof in enumerate(manifest.proofs, start=1):
        if wrong := prove(proof, trusted.log_key or proof.log):
            yield PackProblem(path=f"proofs/{number:03d}.tlog-proof", problem=wrong)


def _notes(manifest: DossierManifest | None, trusted: Trusted) -> Iterator[str]:
    if trusted.key is None:
        yield (
            "The key came from the pack itself: it is whole, but whoever made it may have made the key. "
            "Give the key that you trust with --key."
        )
    if manifest is None:
        return
    if manifest.proofs and not trusted.log_key:
        yield "The log's key came from the pack too. Give the one that you trust with --log-key."
    for decision in manifest.decisions:
        if not any(_is_proof_of(proof, decision.sha256) for proof in manifest.proofs):
            yield f"No proof is in the pack that decision {decision.id} was recorded in a log."
    yield from (f"The pack says of itself: {item}" for item in manifest.missing)
    if not manifest.decisions:
        yield "No decision is in the pack: findings alone allow and forbid nothing."


def _is_proof_of(proof: LedgerProof, sha256: str) -> bool:
    """The record is the decision, or a record that names its digest."""
    return hashlib.sha256(proof.leaf).hexdigest() == sha256 or sha256.encode() in proof.leaf
