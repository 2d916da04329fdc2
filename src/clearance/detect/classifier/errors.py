"""Why a classifier refuses."""


class WeightsUnusable(Exception):  # noqa: N818 - says what is the matter
    """The weights are missing, changed or of another shape: nothing is judged with them."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
