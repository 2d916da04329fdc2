"""Where Clearance keeps things: below ``CLEARANCE_HOME`` if it is set, else in the platform's user folders.

Paths are absolute: rooms mount them.
"""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_state_path


def cache_folder() -> Path:
    """Downloads by digest; everything in it can be fetched again."""
    home = os.environ.get("CLEARANCE_HOME")
    return Path(home).expanduser().absolute() / "cache" if home else user_cache_path("clearance")


def state_folder() -> Path:
    """Campaigns: traces and reports."""
    home = os.environ.get("CLEARANCE_HOME")
    return Path(home).expanduser().absolute() / "state" if home else user_state_path("clearance")
