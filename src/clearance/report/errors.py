"""What stops a report from being made."""


class ReportError(Exception):
    """A report or a dossier cannot be made here. ``str(error)`` is a sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
