"""Evidence by digest, the log, proofs, and verification without us.

The log has the layout of C2SP tlog-tiles and checkpoints in C2SP signed notes (Ed25519), so that verifiers and
witnesses that others wrote can read it. The room has no hands: a keeper, times and keys are handed in.
"""
