"""Text that stands for bytes, as those bytes."""


def as_bytes(text: str) -> bytes:
    """Text whose code points are all below 256 and not all ASCII as bytes of those numbers; other text as UTF-8."""
    if not text.isascii() and max(text) < "\u0100":
        return text.encode("latin-1")
    return text.encode("utf-8", "replace")
