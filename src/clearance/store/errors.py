"""Why the store refuses."""


class StoreError(Exception):
    """``str(error)`` is one clear sentence without any password; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
