"""``python -m clearance.app.cli``."""

from clearance.app.cli import main

main()
