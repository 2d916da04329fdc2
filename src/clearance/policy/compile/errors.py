"""Why something could not be compiled."""


class CompileError(Exception):
    """We refuse to compile. ``str(error)`` is a sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
