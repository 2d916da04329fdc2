"""JSON that a container brings, as the type that is expected of it."""

from typing import TypeVar

import msgspec

from clearance.intake.unpack.inside.region import Broken

T = TypeVar("T")


def decoded(raw: bytes | msgspec.Raw, kind: type[T]) -> T:
    """The value. Raises Broken over bytes that are no UTF-8, no JSON, nested without end or of another shape."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(f"its JSON cannot be read ({error})") from error
