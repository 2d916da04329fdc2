"""Canaries: unique fake secrets, planted where assistants and thieves look."""
