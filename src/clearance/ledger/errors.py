"""Why the ledger refuses: one family of exceptions, each with advice for a person."""


# ruff: noqa: N818 - the names say what is the matter
class LedgerError(Exception):
    """``str(error)`` is one clear sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class LedgerMissing(LedgerError):
    """There is no ledger, or a part that was asked for is not in it."""


class LedgerDamaged(LedgerError):
    """What is there does not fit its checkpoint: nothing is added to it."""


class LedgerBusy(LedgerError):
    """Another process writes to it."""


class NotKept(LedgerError):
    """Records could not be kept: they were not acknowledged, and what was before is as it was."""


class KeyRefused(LedgerError):
    """A key is none, or another one."""


class NoKey(KeyRefused):
    """Something is sealed, and no key was handed in."""


class ProofRefused(LedgerError):
    """A proof does not show what it should."""
