"""A file of rulings, in TOML or JSON."""

import tomllib

import msgspec

from clearance.model.ruling import Rulings
from clearance.policy.compile.errors import CompileError

_ADVICE = "docs/compiling.md has a file of rulings with every key."


def read_rulings(data: bytes, name: str) -> Rulings:
    """The rulings of a file whose name ends in ``.toml`` or ``.json``.

    Raises:
        CompileError: it cannot be read; the message names the place and what is allowed.
    """
    try:
        if name.endswith(".json"):
            read = msgspec.json.decode(data, type=Rulings)
        else:
            read = msgspec.convert(tomllib.loads(data.decode("utf-8")), Rulings)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise CompileError(f"{name} is no file of rulings: {error}", advice=_ADVICE) from error
    if not read.ruling:
        raise CompileError(f"{name} holds no ruling, so there is nothing to compile.", advice=_ADVICE)
    return read
