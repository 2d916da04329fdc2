"""After untrusted content calls do what none did before and nobody asked for.

They gain rights, stay, destroy, hide, collect or send.
"""

from collections.abc import Iterator
from typing import Final

from clearance.detect.session.moment import Moment
from clearance.detect.session.rules.evidence import place, shown
from clearance.model.command import CommandCapability as Can
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId

_HEAVY: Final = 0.2
"""Weight of a sighting from which on it is more than what developers' commands do."""
_WISHES: Final = {
    Can.UPLOAD: "upload send post push publish deploy share submit sync copy release",
    Can.EXECUTE: "install run execute script setup bootstrap installer",
    Can.PERSIST: "service cron systemd startup autostart daemon login hook schedule alias profile bashrc zshrc shell",
    Can.ESCALATE: "sudo root admin permission permissions privileges chmod setuid",
    Can.DESTROY: "delete remove clean drop wipe reset purge uninstall erase",
    Can.HIDE: "history hide firewall selinux antivirus logging disable",
    Can.COLLECT: "screenshot record capture clipboard tcpdump dump trace",
}
"""Words of a user who asks for it."""


class GainsAbilities:
    """Holds which abilities the session had before untrusted content came, and which were told."""

    id = RuleId("gains-abilities-after-untrusted-content")
    title = "Calls do what nobody asked for after untrusted content"

    def __init__(self) -> None:
        self._had: set[Can] = set()

    def judge(self, moment: Moment) -> Iterator[Hit]:
        """A hit for each kind of ability that is new."""
        if moment.call is None:
            return
        heavy = {s.capability: s for s in reversed(moment.call.reading.sightings) if s.weight >= _HEAVY}
        fresh = [can for can in _WISHES if can in heavy and can not in self._had]
        self._had.update(heavy)
        after = moment.after_untrusted
        if after is None:
            return
        for can in fresh:
            if any(moment.asked(word) for word in _WISHES[can].split()):
                continue
            seen = heavy[can]
            yield Hit(
                rule=self.id,
                severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
                title=self.title,
                message=f"{seen.sentence} No earlier call could do that ({can}), and no prompt asks for it.",
                because=(Evidence(what=place(moment), staged=seen.seen[:240], note=seen.sentence), shown(after)),
                where=place(moment),
                atlas=("AML.T0051", "AML.T0050"),
                advice="Ask the person at the keyboard whether this call is wanted.",
            )
