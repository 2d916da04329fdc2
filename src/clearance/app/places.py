"""Where Clearance keeps things: below ``CLEARANCE_HOME`` if it is set, else in the platform's user folders.

Paths are absolute: rooms mount them.
"""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_state_path

from clearance.app.writable import Unwritable, try_folder

ELSEWHERE = "Set CLEARANCE_HOME to a folder elsewhere that can be written and has room."


def cache_folder() -> Path:
    """Downloads by digest; everything in it can be fetched again."""
    home = _home()
    return home / "cache" if home else user_cache_path("clearance")


def state_folder() -> Path:
    """Campaigns: traces and reports."""
    home = _home()
    return home / "state" if home else user_state_path("clearance")


def vettings_folder() -> Path:
    """The folder with a folder for each campaign; it is there and can be written.

    Raises:
        Unwritable: it cannot: better known before anything is fetched and run.
    """
    folder = state_folder() / "vettings"
    try:
        try_folder(folder)
    except OSError as error:
        raise Unwritable(
            f"Traces and reports cannot be kept in {folder}: {error.strerror}.", advice=ELSEWHERE
        ) from error
    return folder


def _home() -> Path | None:
    named = os.environ.get("CLEARANCE_HOME")
    try:
        return Path(named).expanduser().absolute() if named else None
    except RuntimeError as error:
        raise Unwritable(f"CLEARANCE_HOME is {named!r}, and there is no such user.", advice=ELSEWHERE) from error
