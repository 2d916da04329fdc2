"""Is started by a command that does not exist."""

raise SystemExit(0)
