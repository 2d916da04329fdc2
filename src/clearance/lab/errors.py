"""What the lab refuses to do, and what a person can do about it."""


class LabError(Exception):
    """A release cannot be vetted here and now."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice
        """What a person can do, one or two sentences; a command where there is one."""


class RoomUnavailable(LabError):  # noqa: N818  # reads as what is the matter
    """No sealed room can be built: the machine lacks something, or the staging cannot be carried out."""


class NotSealed(LabError):  # noqa: N818  # reads as what is the matter
    """A room let something through, so nothing is run in rooms of this kind."""


class UnknownFinding(LabError):  # noqa: N818  # reads as what is the matter
    """No rule and no family of rules has the name that was given."""


class RulesRefused(LabError):  # noqa: N818  # reads as what is the matter
    """The rules that a user named cannot be read, or are wrong."""
