"""State in a database: SQLite in a file, PostgreSQL for many. Only app may import it."""
