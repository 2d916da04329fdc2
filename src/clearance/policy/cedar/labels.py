"""What Cedar cannot compare and is told instead: windows of prereleases and of PEP 440, names with ``?`` and ``[``."""


def window_label(window: str, *, tightens: bool) -> str:
    """How ``matches`` says that a version lies in a window."""
    return f"window {window} {'strictly' if tightens else 'loosely'}"


def glob_label(glob: str) -> str:
    """How ``matches`` says that a model has a name."""
    return f"model {glob}"


def plain_glob(glob: str) -> bool:
    """Whether ``like`` says the same: only ``*`` stands for letters."""
    return not set("?[").intersection(glob)
