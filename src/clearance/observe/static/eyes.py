"""Which eyes look at a script, so that two workers can share a large one."""

import enum

from clearance.model.contents import Language, Member


class Eyes(enum.Enum):
    """Those for hidden strings take as long as all others together."""

    ALL = "all"
    HIDDEN_STRINGS = "hidden strings"
    OTHERS = "others"


def may_be_shared(member: Member) -> bool:
    """True for members whose eyes can be divided; others are looked at by all at once."""
    return member.language in (Language.JAVASCRIPT, Language.PYTHON, Language.SHELL)
