"""Rules over a session. Adding one is one module and one line here."""

from clearance.detect.session.moment import SessionRule
from clearance.detect.session.near_misses import NearMissBudget
from clearance.detect.session.rules.follows_what_it_read import FollowsWhatItRead
from clearance.detect.session.rules.gains_abilities_after_untrusted import GainsAbilities
from clearance.detect.session.rules.private_data_leaves import PrivateDataLeaves
from clearance.detect.session.rules.reaches_hosts_nobody_named import ReachesHosts
from clearance.detect.session.rules.repeated_near_misses import RepeatedNearMisses
from clearance.detect.session.rules.three_come_together import ThreeComeTogether
from clearance.detect.session.rules.untrusted_text_steers_a_call import UntrustedTextSteers


def session_rules(budget: NearMissBudget) -> tuple[SessionRule, ...]:
    """Fresh rules for one session, in the order in which they speak."""
    return (
        ThreeComeTogether(),
        PrivateDataLeaves(),
        UntrustedTextSteers(),
        RepeatedNearMisses(budget),
        ReachesHosts(),
        GainsAbilities(),
        FollowsWhatItRead(),
    )
