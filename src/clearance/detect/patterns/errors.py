"""What the engine refuses."""


class PatternsError(Exception):
    """Patterns cannot be looked for as asked; ``advice`` says what a person can do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class PatternRefused(PatternsError):  # noqa: N818 - says what happens
    """A row that two engines could read differently, or that a hostile text could make slow."""

    def __init__(self, row: str, why: str) -> None:
        super().__init__(
            f"The pattern {row} {why}.", advice="Write it otherwise; docs/secrets.md lists what may stand in one."
        )


class NoEngine(PatternsError):  # noqa: N818 - says what is the matter
    """Neither hyperscan nor re2 is installed: nothing would be looked at, so we refuse."""

    def __init__(self) -> None:
        super().__init__(
            "Neither hyperscan nor re2 is installed, so no pattern can be looked for.",
            advice="Install one: pip install hyperscan, or pip install 'clearance[re2]'.",
        )
