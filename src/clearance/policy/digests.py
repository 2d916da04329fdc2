"""SHA-256 in one place."""

import hashlib


def sha256_hex(data: bytes) -> str:
    """64 small hex digits."""
    return hashlib.sha256(data).hexdigest()
