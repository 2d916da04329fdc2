"""What a user names to be vetted: a shipped assistant with an optional version, a folder, or an archive."""

import contextlib
import stat
from pathlib import Path

from clearance.intake.errors import ProfileError, SourceMissing, SourceUnreadable
from clearance.intake.profiles import find_profile, load_profile
from clearance.model.profile import Profile
from clearance.model.release import SourceType

_UNREADABLE = "Name one that you may read; chmod -R u+rX gives its owner the right."


def named_release(release: str, profile: Path | None) -> tuple[Profile, str | None, Path | None]:
    """Profile, version (None: the newest) and local path of what was named; ``profile`` is the user's own.

    Raises:
        ProfileError: no assistant is called so, or the profile is faulty.
        SourceMissing, SourceUnreadable: a path was named, and nothing is there or it may not be read.
    """
    local = _expanded(release)
    looks_local = "/" in release.partition("@")[0] and not release.startswith("@")
    is_local = looks_local or release.startswith(".") or (profile is not None and _kind(local) is not None)
    before, at, after = release.rpartition("@")
    name, version = (before, after) if at and before else (release, None)
    if profile is not None:
        own = load_profile(profile)
        if is_local:
            return own, None, local
        return own, version, local if own.source.type is SourceType.PATH else None
    if is_local:
        return _own_profile(release, local), None, local
    return _shipped(name, release, local), version, None


def _expanded(release: str) -> Path:
    try:
        return Path(release).expanduser()
    except RuntimeError:  # "~nobody/x": no such user, so no such folder
        return Path(release)


def _kind(path: Path) -> str | None:
    """``folder``, ``file`` or None for nothing. What may not be looked at counts as nothing."""
    with contextlib.suppress(OSError, ValueError):
        mode = path.stat().st_mode
        return "folder" if stat.S_ISDIR(mode) else "file"
    return None


def _own_profile(release: str, local: Path) -> Profile:
    """The profile that lies in the folder itself."""
    try:
        is_folder = stat.S_ISDIR(local.stat().st_mode)
        own = is_folder and "profile.toml" in {entry.name for entry in local.iterdir()}
    except PermissionError as error:
        raise SourceUnreadable(f"{release} cannot be read: {error.strerror}.", advice=_UNREADABLE) from error
    except OSError as error:
        raise SourceMissing(
            f"There is no folder or archive {release}.",
            advice="Name one that exists, or an assistant that has a profile (`clearance profiles`).",
        ) from error
    if not own:
        inside = ", or put a profile.toml into the folder" if is_folder else ""
        raise ProfileError(
            f"{release} needs a profile that says how to run it.",
            advice=f"Add --profile FILE{inside}; docs/profiles.md has an example.",
        )
    return load_profile(local / "profile.toml")


def _shipped(name: str, release: str, local: Path) -> Profile:
    """The shipped profile; where there is none but something of that name lies here, that is said."""
    try:
        return find_profile(name)
    except ProfileError:
        if (kind := _kind(local)) is None:
            raise
    raise ProfileError(
        f"No assistant is called {name!r}, but a {kind} {release} lies here.",
        advice=f"Write ./{release} if it is meant and holds a profile.toml, or add --profile FILE."
        if kind == "folder"
        else "Add --profile FILE to vet it; docs/profiles.md has an example.",
    )
