"""Fills the disk of its home."""

import pathlib

with (pathlib.Path.home() / "filler").open("wb") as filler:
    while True:
        filler.write(bytes(1 << 20))
