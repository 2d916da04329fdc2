"""Compiled code says what the script beside it does not."""

from collections.abc import Iterable, Iterator

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import CompiledCode, Contents, Where
from clearance.model.finding import Clear, Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_WORDS = {"host": "hosts", "coded": "rows of coded letters", "text": "texts"}


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium for hosts that only compiled code names, low for texts and coded values."""
    found = list(_found(rule, contents))
    yield from found
    if found:
        return
    strings = sum(code.strings for code in contents.compiled)
    if strings:
        message = f"{strings:,} strings of compiled code were looked for in the scripts; none that says more was found."
        yield Clear(rule=rule.id, title=rule.title, message=message)
    else:
        yield clear_or_gap(rule, contents, "No compiled code lies beside scripts.")


def _found(rule: Rule[Contents], contents: Contents) -> Iterator[Hit]:
    for code in contents.compiled:
        for kind in ("host", "text", "coded"):
            texts = tuple(one.text for one in code.telling if one.kind == kind)
            if texts:
                yield _hit(rule, contents, code, kind, texts)


def _hit(rule: Rule[Contents], contents: Contents, code: CompiledCode, kind: str, texts: tuple[str, ...]) -> Hit:
    first = next(one.offset for one in code.telling if one.kind == kind)
    where = place(contents, Where(member=code.member, offset=first))
    return Hit(
        rule=rule.id,
        severity=Severity.MEDIUM if kind == "host" else Severity.LOW,
        confidence=Confidence.MEDIUM,
        title=f"Compiled code has {_WORDS[kind]} that its script has not",
        message=f"No script or text of the release has: {listed([text[:80] for text in texts])}.",
        because=(shown(where, "\n".join(texts)),),
        where=where,
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("compiled-says-more"),
    title="Compiled code says what its script says",
    why="The engine runs the compiled code; a script beside it that says less is read in its place.",
    advice="Ask the vendor for a build whose compiled code comes from the script beside it; vet the release.",
    atlas=("AML.T0010",),
    judge=judge,
)
