"""The shared nouns: declared once, frozen, imported by every room."""
