"""The signed bundle on disk, and whether it may be believed now.

1. It has to be there, to be small, and to carry our key's signature over its payload.
2. It has to be issued already and not expired. A clock a little behind is forgiven.
3. The clock may not lie behind an instant that this machine has seen before, and the bundle may not be older than one
   that it has seen before. What was seen is kept in a file that the developer could remove: it stops a clock that was
   turned back, not somebody who knows where to look.
"""

import base64
import binascii
import json
import os

from clearance.policy.compile.helper.ed25519 import verified

CONTEXT = b"clearance.helper-bundle/1\n"
"""Signed in front of the payload, so that the signature means nothing elsewhere."""
_MOST = 4 << 20
_FORGIVEN_S = 300


class Refused(Exception):  # noqa: N818 - says what happens
    """The tool may not start. ``str(error)`` is what the developer reads."""


def believed(path: str, public_key: str, now: float, seen: "tuple[float, float]") -> "dict[str, object]":
    """The payload of the bundle. Raises Refused.

    Args:
        path: where it lies.
        public_key: 64 hex characters.
        now: Unix seconds.
        seen: the latest instant and the latest issue date that this machine has seen.
    """
    payload = _opened(_read(path), bytes.fromhex(public_key))
    issued, expires = float(str(payload["issued"])), float(str(payload["expires"]))
    if now + _FORGIVEN_S < max(issued, seen[0]):
        raise Refused("the clock of this machine is behind; set it right")
    if issued < seen[1]:
        raise Refused("the policy of this machine is older than the one it had; fetch it again")
    if now >= expires:
        raise Refused("the policy of this machine has expired and was not renewed; connect to the company's network")
    return payload


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise Refused("there is no policy on this machine: " + path + ": " + str(error.strerror)) from None
    if len(data) > _MOST:
        raise Refused("the policy of this machine is too large: " + path)
    return data


def _opened(data: bytes, public_key: bytes) -> "dict[str, object]":
    try:
        envelope = json.loads(data)
        payload = base64.b64decode(envelope["payload"], validate=True)
        signature = base64.b64decode(envelope["signature"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise Refused("the policy of this machine cannot be read") from None
    if not verified(public_key, CONTEXT + payload, signature):
        raise Refused("the policy of this machine is not signed by the company")
    read = json.loads(payload)
    if not isinstance(read, dict) or read.get("format") != "clearance.helper-bundle/1":
        raise Refused("the policy of this machine is of a kind that this program does not know; update it")
    return read


def recalled(paths: "tuple[str, ...]") -> "tuple[float, float]":
    """The latest instant and issue date in any of the files; zeros where there is none."""
    latest, issued = 0.0, 0.0
    for path in paths:
        try:
            with open(path, encoding="ascii") as file:
                first, second = file.read(200).split()
            latest, issued = max(latest, float(first)), max(issued, float(second))
        except (OSError, ValueError):
            continue
    return latest, issued


def remember(paths: "tuple[str, ...]", now: float, issued: float) -> None:
    """Write both into every file that can be written. That none can is no reason to refuse."""
    for path in paths:
        part = path + "." + str(os.getpid())
        try:
            os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
            with open(part, "w", encoding="ascii") as file:
                file.write(str(now) + " " + str(issued) + "\n")
            os.replace(part, path)
        except OSError:
            continue
