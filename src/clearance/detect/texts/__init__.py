"""Rules over texts that an agent follows, after they were judged. Adding one is one module and one line in ``ALL``."""

from clearance.detect.rule import Rule
from clearance.detect.texts import could_not_judge, prompt_reads_like_an_attack, skill_harms_its_user, tool_gives_orders
from clearance.model.judged import JudgedTexts

ALL: tuple[Rule[JudgedTexts], ...] = (
    skill_harms_its_user.RULE,
    tool_gives_orders.RULE,
    prompt_reads_like_an_attack.RULE,
    could_not_judge.RULE,
)
