"""Vetting one release: sealed rooms, emulated world, factors, experiment and pipeline."""
