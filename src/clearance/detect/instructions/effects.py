"""What a sentence makes an agent do, by the rows of ``effects.toml``.

1. A verb counts where nothing before it in its clause forbids it: ``never send`` is a guard, not an order.
2. What asks the user first is in order. What only describes (``sends``, ``was uploaded``) is not matched by the verbs.
3. A destination is outside where it is a named host that is neither this machine nor a publisher of developers' tools,
   a mail address, or words for somebody's own place.
"""

import functools
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

import msgspec

from clearance.detect.commands.places import names_a_secret, places
from clearance.detect.instructions.line import Effect, Instruction
from clearance.detect.instructions.outside import is_outside
from clearance.detect.instructions.spans import Span, is_code

_FORBIDDEN: Final = re.compile(
    r"\b(?:not|never|don't|doesn't|avoid|without|cannot|can't|instead of|rather than|refuse to|forbidden|prohibited"
    r"|nor|won't|shouldn't|mustn't|no)\b[^.;]{0,30}$"
)
_LEADING: Final = re.compile(
    r"^\W{0,8}(?:\d{1,3}\W{1,3})?(?:so(?: that)?|in order that|because|since|if|as|when(?:ever)?|where|while|once)\b"
    r"[^,;.:]{1,120}, "
)
"""A clause before the main one: what it denies forbids nothing."""
_CONSENT: Final = re.compile(
    r"\bask (?:the user|for (?:permission|confirmation|approval|consent))|\bif (?:and only if )?the user (?:asks"
    r"|requests|wants|agrees|approves|confirms|explicitly)|\b(?:after|with|unless) (?:the |explicit )?(?:user(?:'s)? )?"
    r"(?:approval|permission|consent|confirmation|approves|confirms)|\bwhen the user (?:asks|requests|wants)"
)
_FORBIDS: Final = re.compile(
    r"^\W{0,8}(?:❌|🚫|⛔|✗|❎|(?:anti-?pattern|bad|wrong|red flags?|forbidden|avoid|no|don't)\b\W{0,3}[:–—-])"
)
_SECRET_WORDS: Final = re.compile(
    r"\b(?:credentials?|passwords?|private keys?|ssh keys?|api[ _-]?keys?|(?:access|auth|session|api|bearer|any|all|git"
    r"|github|npm|user'?s?) tokens?|cookies|environment variables|secrets?|(?:chat|conversation|session|command|shell)"
    r" (?:history|transcript|log)|(?:whole|entire|full) (?:conversation|chat|session|prompt)|user's "
    r"(?:last |previous )?(?:prompts?|messages?|questions?)|(?:customer|user|personal|private|payroll"
    r"|medical) (?:records|data|files)|(?:project's |private )(?:source (?:files|code)"
    r"|sources)|key ?chain|wallet|seed phrase|tfstate)\b"
    r"|\boutput of `?env`?|\.(?:env|netrc|npmrc|pypirc|pgpass|git-credentials)\b(?![\w.-]*(?:example|sample|template))"
    r"|\.tfstate\b"
)
_SIGNS_IN: Final = re.compile(
    r"authorization|\bbearer\b|[?&\s](?:api_?)?(?:key|token)=|-stdin\b|\blog ?in\b|\bsign(?:s|ing)? in\b"
)
"""A client that shows its own key to the service that gave it."""
_QUOTED: Final = re.compile(r"`([^`\n]{2,200})`|(?<![\w`])((?:~|\$HOME|/home/\w+|/Users/\w+)/[\w./-]{2,120})")
_VARIABLE: Final = re.compile(r"\$\{?([A-Z][A-Z0-9_]{3,60})\b")
_MOST: Final = 2
"""Instructions of one sentence."""


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    effect: Effect
    weight: float
    reason: str
    verb: str = ""
    needs: tuple[str, ...] = ()
    secret: bool = False
    """It must name something private."""
    outside: bool = False
    """It must name a place outside."""
    near: int = 0
    """The first of ``needs`` must begin within so many characters behind the verb; 0: anywhere."""
    scripted: bool = False
    """What lies there must look like code, by its name or because it has no name of a host."""


class _Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    words: dict[str, str]
    effect: tuple[_Row, ...]


@functools.cache
def _rows() -> tuple[tuple[_Row, "re.Pattern[str] | None", tuple["re.Pattern[str]", ...]], ...]:
    raw = files("clearance.detect.instructions").joinpath("effects.toml").read_bytes()
    sheet = msgspec.toml.decode(raw, type=_Sheet)
    return tuple(
        (
            row,
            re.compile(sheet.words[row.verb]) if row.verb else None,
            tuple(re.compile(_filled(need, sheet.words)) for need in row.needs),
        )
        for row in sheet.effect
    )


def _filled(need: str, words: dict[str, str]) -> str:
    for name, pattern in words.items():
        need = need.replace(f"{{{name}}}", f"(?:{pattern})")
    return need


def effects(sentence: Span) -> Iterator[Instruction]:
    """What one sentence makes an agent do; at most two things."""
    said = sentence.text.lower().replace("’", "'")
    if len(said) < 12 or _FORBIDS.search(said):
        return
    asks = _CONSENT.search(said) is not None
    found: dict[Effect, Instruction] = {}
    outside = is_outside(said, scripted=False)
    for row, verb, needs in _rows():
        if row.effect in found or (asks and row.effect is not Effect.HIDES) or (row.outside and not outside):
            continue
        if not all(need.search(said) for need in needs):
            continue
        if (verb is not None and not _ordered(verb, said, row, needs)) or not _named(row, sentence.text, said):
            continue
        found[row.effect] = Instruction(
            effect=row.effect,
            start=sentence.start + len(sentence.text) - len(sentence.text.lstrip()),
            end=sentence.start + len(sentence.text.rstrip()),
            line=sentence.text.strip(),
            reason=row.reason,
            weight=row.weight,
        )
    yield from list(found.values())[:_MOST]


def _ordered(verb: "re.Pattern[str]", said: str, row: _Row, needs: "tuple[re.Pattern[str], ...]") -> bool:
    lead = found.end() if (found := _LEADING.match(said)) is not None else 0
    return any(
        not _FORBIDDEN.search(said[max(0, match.start() - 60, lead if match.start() >= lead else 0) : match.start()])
        and (not row.near or _follows(needs[0], said, match.end(), row.near))
        for match in verb.finditer(said)
    )


def _follows(need: "re.Pattern[str]", said: str, at: int, near: int) -> bool:
    found = need.search(said, at)
    return found is not None and found.start() - at <= near and " if " not in said[at : found.start()]


def _named(row: _Row, text: str, said: str) -> bool:
    if row.secret and (_SIGNS_IN.search(said) or is_code(text) or not _is_private(text, said)):
        return False
    return not row.scripted or is_outside(said, scripted=True)


def _is_private(text: str, said: str) -> bool:
    if _SECRET_WORDS.search(said):
        return True
    if any(names_a_secret(match[1]) for match in _VARIABLE.finditer(text)):
        return True
    words = (word for match in _QUOTED.finditer(text) for word in (match[1] or match[2]).split()[:12])
    return any(place.kind == "secret" for word in words for place in places(word))
