"""Why policy refuses: one exception with advice for a person."""


class PolicyError(Exception):
    """A record, a fact or a bundle is refused. ``str(error)`` is one sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
