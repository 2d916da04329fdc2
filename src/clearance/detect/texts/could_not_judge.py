"""What of the texts that an agent follows was not judged."""

from collections.abc import Iterable

import msgspec

from clearance.detect.rule import Rule
from clearance.model.finding import Finding, Gap
from clearance.model.ids import RuleId
from clearance.model.judged import JudgedTexts

_MOST = 12


def judge(rule: Rule[JudgedTexts], seen: JudgedTexts) -> Iterable[Finding]:
    """A gap for each reason, and for each text of which a part was left out."""
    for why in seen.unjudged:
        yield Gap(rule=rule.id, title="Texts for the agent were not judged", message=why, advice=rule.advice)
    gaps = [(text.path, gap) for text in seen.texts for gap in text.gaps]
    for path, gap in gaps[:_MOST]:
        yield msgspec.structs.replace(
            gap, rule=rule.id, where=path, message=f"{path}: {gap.message}", blocks_verdict=False
        )
    if len(gaps) > _MOST:
        yield Gap(rule=rule.id, title="Parts of texts were not judged", message=f"{len(gaps) - _MOST} more.")


RULE = Rule(
    id=RuleId("could-not-judge-texts"),
    title="Every text that an agent follows was judged",
    why="A text that nobody judged is not clean.",
    advice="Read these texts yourself, or look again where the models can be run.",
    atlas=(),
    judge=judge,
)
