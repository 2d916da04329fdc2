"""What Cedar cannot compare and is told instead: windows that name prereleases, and windows of PEP 440."""


def window_label(window: str, *, tightens: bool) -> str:
    """How ``matches`` says that a version lies in a window."""
    return f"window {window} {'strictly' if tightens else 'loosely'}"
