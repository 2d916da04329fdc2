"""The processes that hold a room. Standard library only: they start without site packages and hold privileges."""
