"""Fails before it asks anything."""

import sys

sys.exit(3)
