"""Rules over what a release holds, seen without running it. Adding one is one module and one line in ``ALL``."""

from clearance.detect.contents import (
    archive_misbehaves,
    carries_data_behind_a_picture,
    compares_with_digests,
    compiled_says_more,
    conceals_from_its_user,
    could_not_open,
    dependency_from_elsewhere,
    extension_loosens_guards,
    extension_runs_commands,
    hides_code,
    hides_lists,
    hides_text,
    holds_what_nobody_sees,
    installs_by_running_code,
    known_vulnerable,
    reads_secrets_of_others,
    runs_at_every_start,
    tells_what_nobody_sees,
    user_rule_matches,
)
from clearance.detect.rule import Rule
from clearance.model.contents import Contents

ALL: tuple[Rule[Contents], ...] = (
    hides_lists.RULE,
    hides_code.RULE,
    hides_text.RULE,
    compares_with_digests.RULE,
    holds_what_nobody_sees.RULE,
    tells_what_nobody_sees.RULE,
    carries_data_behind_a_picture.RULE,
    compiled_says_more.RULE,
    conceals_from_its_user.RULE,
    extension_runs_commands.RULE,
    extension_loosens_guards.RULE,
    installs_by_running_code.RULE,
    runs_at_every_start.RULE,
    reads_secrets_of_others.RULE,
    dependency_from_elsewhere.RULE,
    known_vulnerable.RULE,
    archive_misbehaves.RULE,
    user_rule_matches.RULE,
    could_not_open.RULE,
)
