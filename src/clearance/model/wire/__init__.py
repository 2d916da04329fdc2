"""Codecs without I/O for the APIs that assistants speak."""
