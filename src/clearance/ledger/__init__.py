"""Evidence by digest, the log, seals and proofs. Not there yet (issue 4)."""
