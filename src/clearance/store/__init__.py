"""State: SQLite, then PostgreSQL. Not there yet; only app may import it."""
