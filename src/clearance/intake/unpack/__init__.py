"""Unpack hostile archives into one scratch folder: what is wrong with them becomes data, never a write outside."""
