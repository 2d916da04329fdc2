"""Members of an opened release by path, their bytes read when they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from clearance.intake.unpack.inside import FoundMember
from clearance.observe.static.sixteen_bits import as_utf8
from clearance.observe.static.starts import ReleaseFiles

_BEGIN: Final = 1 << 20
_END: Final = 256 << 10
"""Bytes of a member's begin and end that are read; what is longer is no script that a person wrote."""


def release_files(members: Sequence[FoundMember]) -> ReleaseFiles:
    """The release's files, interpreters left out. Opening one raises OSError when it is gone."""
    by_path = {found.member.path: found for found in members if not found.member.runtime}
    return ReleaseFiles(by_path, _opener(by_path))


def _opener(by_path: Mapping[str, FoundMember]) -> Callable[[str], bytes]:
    def opened(path: str) -> bytes:
        found = by_path[path]
        with found.file.open("rb") as file:
            file.seek(found.start)
            data = file.read(min(found.member.size, _BEGIN))
            if found.member.size > _BEGIN:
                file.seek(found.start + max(_BEGIN, found.member.size - _END))
                data += b"\n" + file.read(min(_END, found.member.size - _BEGIN))
        wide = as_utf8(data)
        return wide[0] if wide else data

    return opened
