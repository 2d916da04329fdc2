"""The emulated world: answers every name, catches every connection, and records each byte that arrives."""
