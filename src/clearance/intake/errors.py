"""Why intake refuses: one family of exceptions, each with advice for a person."""


# ruff: noqa: N818 - the names say what is the matter; the family's name says that it is an error
class IntakeError(Exception):
    """A release could not be taken in. ``str(error)`` is one clear sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class ProfileError(IntakeError):
    """A profile cannot be read, or no profile has that name."""


class UnknownPackage(IntakeError):
    """The registry does not have a package of that name."""


class UnknownVersion(IntakeError):
    """The package exists, the version does not; near ones are named."""


class WrongPlatform(IntakeError):
    """The release, or what it needs, does not exist for this machine."""


class RegistryUnreachable(IntakeError):
    """The registry did not answer, or not in a way that can be understood."""


class IntegrityMismatch(IntakeError):
    """What came is not what the registry says it published."""


class CorruptArchive(IntakeError):
    """The bytes are not a whole archive of a known kind."""


class OfflineMiss(IntakeError):
    """It is not in the cache, and the network may not be asked."""


class MissingClient(IntakeError):
    """A package client that is needed to resolve dependencies is not on this machine, or failed."""


class CacheUnusable(IntakeError):
    """The cache folder cannot be written: no room left, no permission."""


class SourceMissing(IntakeError):
    """The folder or file that was named does not exist, or is neither folder nor archive."""


class SourceUnreadable(IntakeError):
    """The folder or file that was named is there and cannot be read."""
