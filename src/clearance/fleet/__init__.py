"""Devices, inventory and posture. Not there yet (a later issue)."""
