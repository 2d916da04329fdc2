"""Answers a request: a DNS question in HTTPS (RFC 8484) from the book of names, all others by the answerer."""

import base64
import binascii
import re

from clearance.lab.world.answer import Reply
from clearance.lab.world.dns import answer_query
from clearance.lab.world.dnstcp import names_asked
from clearance.lab.world.session import Seen, Setting, Step
from clearance.model.trace import RequestSeen

_TYPE = "application/dns-message"
_QUERY = re.compile(r"[?&]dns=([A-Za-z0-9_-]+)(?:&|$)")


def answer_request(request: RequestSeen, setting: Setting) -> tuple[list[Step], Reply]:
    """The request as an event, with the questions in it if it is DNS in HTTPS, and the reply."""
    answered = answer_query(_dns_message(request), setting.names)
    if answered is None:
        return [Seen(request)], setting.answerer.answer(request)
    events = names_asked(answered, at=setting.now(), transport="https", server=request.host)
    reply = Reply(status=200, headers=(("Content-Type", _TYPE),), chunks=(answered.reply,), purpose="dns")
    return [Seen(request), *map(Seen, events)], reply


def _dns_message(request: RequestSeen) -> bytes:
    """The DNS message that a request carries, or nothing."""
    if request.method == "POST":
        asked = any(name.lower() == b"content-type" and value == _TYPE.encode() for name, value in request.headers)
        return request.body if asked else b""
    match = _QUERY.search(request.target) if request.method == "GET" else None
    if match is None:
        return b""
    try:
        return base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except binascii.Error:
        return b""
