"""Experiment design and statistics: which cells to run, what they suggest, and what fresh runs confirm."""
