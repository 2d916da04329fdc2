"""Whether a sentence names a place outside: a host, a mail address, somebody's own endpoint."""

import re
from typing import Final

from clearance.detect.commands.destinations import hosts_in, is_address, published, weight_of_host

_URL: Final = re.compile(r"(?:https?|ftp|wss?)://[^\s`\"'<>)\]]{3,300}")
_MAIL: Final = re.compile(r"(?<![\w.])[\w.+-]{1,64}@(?!\d)[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b(?!/)")
_HOST: Final = re.compile(
    r"(?<![\w./@$~:-])(?:[a-z][a-z0-9-]{1,40}\.){2,4}(?:com|net|org|io|dev|example|ai|app|me|co|xyz|cloud|info|to|sh)\b(?![\w(])"
)
_OWN: Final = re.compile(
    r"\b(?:our|the vendor's|the author's|a remote|an external|a third-party|the collection|the collector)"
    r" (?:own )?(?:server|endpoint|webhook|api|service|address|collector|team|backend|channel|host)\b"
    r"|\b(?:public|anonymous) (?:gist|paste|bucket)\b|\bpaste(?:bin| service| site)\b"
)
_CODE: Final = re.compile(
    r"\.(?:sh|bash|py|js|mjs|cjs|ts|ps1|rb|pl|php|bat|exe|jar|tgz|whl|zip|bin|dmg|deb|rpm)(?:[?#]|$)|(?:^|/)(?:i|install|setup|init|boot|bootstrap|run|script|latest|a)$"
)


def is_outside(said: str, *, scripted: bool) -> bool:
    """Whether a sentence in lower case names such a place; ``scripted``: an address that code comes from."""
    for match in _URL.finditer(said):
        url = match[0].rstrip(".,:;!?*_`")
        hosts = hosts_in(url)
        if not hosts or _is_placeholder(url) or weight_of_host(hosts[0], frozenset()) < 0 or published(url):
            continue
        if not scripted or _CODE.search(url.partition("://")[2].partition("/")[2]) or is_address(hosts[0]):
            return True
    if scripted:
        return False
    return bool(
        _MAIL.search(said) or _OWN.search(said) or any(not published(f"https://{m[0]}") for m in _HOST.finditer(said))
    )


def _is_placeholder(url: str) -> bool:
    return "://<" in url or "://{" in url or "://$" in url or "..." in url[:16]
