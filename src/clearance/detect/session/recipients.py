"""To whom a call writes: the mail addresses that it names as those who get something."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.session.calls import Call
from clearance.detect.session.words import mailboxes

_NAMES: Final = re.compile(r"(?i)^(?:to|cc|bcc|\w*(?:recipient|mail|attendee|invitee)s?|\w*address(?:es)?)$")
_MAILERS: Final = frozenset("mail mailx mutt neomutt sendmail msmtp swaks ssmtp s-nail".split())
_BY_PROTOCOL: Final = re.compile(r"(?i)smtp|mailto:|--mail-rcpt")


def recipients(call: Call) -> tuple[str, ...]:
    """Mail addresses in lower case. Those in a commit message or a file that is written get nothing."""
    return tuple(dict.fromkeys(box for text in _texts(call) for box in mailboxes(text)))


def _texts(call: Call) -> Iterator[str]:
    if not call.is_command:
        yield from (text[:4096] for name, text in call.texts if _NAMES.match(name))
        return
    whole = call.named("command", "cmd", "script")
    if any(line[0] in _MAILERS for line in call.lines) or _BY_PROTOCOL.search(whole):
        yield whole
