"""What a dossier takes from this machine by itself: decisions that apply to a release, and proofs from the ledger.

What cannot be had is a sentence for the pack, never silence. A record that cannot be read stops it: it may be a ban.
"""

from collections.abc import Iterator, Sequence

from clearance.app.deciding import Desk
from clearance.app.ledgers import ledger_folder, reader, verifier_of
from clearance.ledger.errors import LedgerError
from clearance.ledger.reading import LogReader
from clearance.model.dossier import DossierDecision, LedgerProof
from clearance.model.record import DecisionRecorded, DecisionSigned, ReleaseLooked, ReleaseVetted
from clearance.policy.book import Entry
from clearance.policy.records import record_id
from clearance.policy.told import told
from clearance.report.proofs_check import what_is_wrong

Missing = list[str]


def decisions_about(tool: str, version: str, desk: Desk, missing: Missing) -> tuple[DossierDecision, ...]:
    """Records about the release that have not ended, in the order in which they begin. Raises PolicyError."""
    facts, now = desk.facts(), int(desk.now.timestamp())
    names = {str(record_id(record)): path.stem for path, record in desk.kept()}
    found = [
        entry for entry in desk.book(facts).of_release(tool, version, facts) if _stands(entry, names, now, missing)
    ]
    if not found:
        missing.append(f"No decision record about {tool} {version} is in force among the {len(names)} that are kept.")
    return tuple(told(entry, names[entry.id], facts.organisation.people, now) for entry in found)


def _stands(entry: Entry, names: dict[str, str], now: int, missing: Missing) -> bool:
    """Whether it belongs into the pack; why not, or why it is in doubt, is said."""
    what = f"{entry.kind.value} {names[entry.id]}"
    if entry.end <= now:
        missing.append(f"The {what} had ended, and is left out.")
        return False
    if entry.fault and entry.kind.loosens:
        missing.append(f"The {what} does not count, and is left out: {entry.fault}.")
        return False
    if entry.fault:
        missing.append(f"Nobody vouches for the {what}, which denies all the same: {entry.fault}.")
    return True


def proofs_of(
    decisions: Sequence[DossierDecision], release: str, report: str, missing: Missing
) -> tuple[LedgerProof, ...]:
    """Proofs of the records of decisions, of their signatures, of the vetting's report and of the newest look.

    ``release`` and ``report`` are the digests of the release that was vetted and of the report in the pack.
    """
    if not (ledger_folder() / "checkpoint").is_file():
        missing.append("No ledger was kept where this was made: nothing proves what was recorded, and when.")
        return ()
    found: list[LedgerProof] = []
    try:
        log, key = reader(ledger_folder(), None), str(verifier_of(None))
        for index in _wanted(log, {str(each.sha256): each.id for each in decisions}, release, report, missing):
            proof = _proof(log, index, key)
            if wrong := what_is_wrong(proof, key):
                missing.append(f"Record {index} of the ledger could not be proven: {wrong}.")
            else:
                found.append(proof)
    except LedgerError as error:
        missing.append(f"The ledger could not be read: {error}")
    return tuple(found)


def _wanted(log: LogReader, decisions: dict[str, str], release: str, report: str, missing: Missing) -> Iterator[int]:
    """Numbers of the records that speak of what is in the pack; what no record speaks of is said."""
    recorded: set[str] = set()
    vetted: int | None = None
    looked: int | None = None
    wanted: list[int] = []
    for record in log.of(DecisionRecorded, DecisionSigned, ReleaseVetted, ReleaseLooked):
        match record.what:
            case DecisionRecorded(record=digest) if digest in decisions:
                recorded.add(digest)
                wanted.append(record.index)
            case DecisionSigned(record=digest) if digest in decisions:
                wanted.append(record.index)
            case ReleaseVetted(report=digest) if digest == report:
                vetted = record.index
            case ReleaseLooked(release=digest) if digest == release:
                looked = record.index
    if vetted is None:
        missing.append("The ledger has no record of this vetting: it was made before, or elsewhere.")
    missing += [f"The ledger has no record that decision {decisions[d]} was made." for d in decisions.keys() - recorded]
    yield from sorted({*wanted, *(index for index in (vetted, looked) if index is not None)})


def _proof(log: LogReader, index: int, key: str) -> LedgerProof:
    leaf, hashes = log.entry(index).entry, log.proof(index)
    return LedgerProof(index=index, checkpoint=log.note.decode(), hashes=hashes, leaf=leaf, log=key)
