"""Rules over the facts of a campaign. Adding one is one module and one line in ``ALL``."""

from clearance.detect.rule import Rule
from clearance.detect.rules import (
    canary_leaves,
    could_not_look,
    form_depends_on_environment,
    opaque_value_depends_on_environment,
    side_channel_depends_on_environment,
    traffic_depends_on_environment,
    value_stated_openly,
)
from clearance.model.facts import Facts

ALL: tuple[Rule[Facts], ...] = (
    form_depends_on_environment.RULE,
    canary_leaves.RULE,
    traffic_depends_on_environment.RULE,
    opaque_value_depends_on_environment.RULE,
    side_channel_depends_on_environment.RULE,
    value_stated_openly.RULE,
    could_not_look.RULE,
)
