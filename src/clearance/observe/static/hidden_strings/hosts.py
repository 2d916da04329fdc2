"""Host names and addresses by their form: labels as DNS takes them, and a last label that exists (IANA's root zone)."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

_COUNTRIES: Final = frozenset(
    """ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc
    cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga
    gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp
    ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms
    mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro
    rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr
    tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw""".split()
)
_GENERIC: Final = frozenset(
    """aero agency academy app arpa art asia bar best bet bid bike bio biz blog blue build business buzz cab cafe camp
    capital care careers cash cat center chat cheap church city claims click clinic cloud club coach codes coffee
    college com community company computer consulting cool coop credit dance date dating deals delivery dental
    design dev digital direct directory discount doctor dog domains download earth edu education email energy
    engineer engineering events exchange expert express fail family fan fans farm fashion film finance financial
    fish fit fitness florist fly foo football forum foundation fun fund furniture fyi gallery game games garden
    gay gift gifts gives glass global gold golf gov graphics gratis green group guide guru health healthcare help
    homes horse hospital host hosting hotels house how icu immo info ink institute insure int international
    investments jetzt jobs kim kitchen land lat law lawyer lease legal lgbt life lighting limited limo link live
    loan loans lol love ltd luxury management market marketing markets mba med media meme memorial men menu mil
    mobi moda mom money movie museum name nagoya net network new news ngo ninja observer one ong online org
    organic page parts partners party pet photo photography photos pics pictures pink pizza place plumbing plus
    poker porn post press pro productions promo properties property pub quest racing recipes red rehab rent
    rentals repair report republican rest restaurant review reviews rich rip rocks run sale salon school science
    security services shoes shop shopping show singles site ski skin soccer social software solar solutions space
    sport store stream studio study style sucks supplies supply support surf surgery systems tattoo tax taxi team
    tech technology tel tennis theater tienda tips tires today tools top tours town toys trade trading training
    travel tube university uno vacations ventures vet video villas vin vip vision vodka vote voting voyage wang
    watch webcam website wedding wiki win wine work works world wtf xin xxx xyz yoga zone africa amsterdam
    barcelona bayern berlin boston brussels budapest capetown cologne corsica durban frl gent hamburg helsinki
    istanbul joburg koeln kyoto london madrid melbourne miami moscow nyc osaka paris quebec rio saarland scot
    stockholm swiss sydney taipei tirol tokyo vegas vlaanderen wales wien yokohama""".split()
)
_LOCAL: Final = frozenset("local localdomain internal intranet lan corp home onion test example invalid".split())
"""Names that no public server answers for (RFC 6761, RFC 6762, and custom)."""

_ALSO_FILES: Final = frozenset(
    "sh py pl rs md so cc ps ml mm zip mov cs vi st ms as ai app id name in is to it do at by info data post".split()
)
"""Last labels that files and properties also end in: such a name alone proves nothing."""

_HOST: Final = re.compile(
    r"(?:(?P<scheme>(?:https?|wss?|s?ftps?|ssh|git|tcp|udp|tls|quic|grpcs?|amqps?|mqtts?|rediss?|ldaps?|socks[45]?h?|mongodb|mysql|postgres(?:ql)?)(?:\+[a-z]{2,6})?)://(?:[^\s/@]{1,64}@)?)?(?:\*\.|\.|@|\|\||\^)?"
    r"(?P<name>(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,8}(?P<top>xn--[a-z0-9-]{2,59}|[a-z]{2,18}))\.?"
    r"(?::\d{1,5})?(?P<rest>[/?#]\S*)?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:[a-z]{2,6}://)?((?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:/\S*)?")


LABELS: Final[Mapping[int, int]] = Counter(map(len, _COUNTRIES | _GENERIC))
"""How many last labels there are, by their length."""


def last_label(item: str) -> str:
    """The last label of a host's name in lower case; empty for an address."""
    match = _HOST.fullmatch(item)
    return match["top"].lower() if match else ""


def is_host(item: str) -> bool:
    """True for a host name whose last label exists, with or without scheme, wildcard, port and path, or an address."""
    if match := _HOST.fullmatch(item):
        top, name = match["top"].lower(), match["name"]
        steady = name.islower() or name.isupper() or name.istitle()
        return steady and (top in _COUNTRIES or top in _GENERIC or top in _LOCAL or top.startswith("xn--"))
    address = _ADDRESS.fullmatch(item)
    return address is not None and all(int(part) < 256 for part in address[1].split("."))


def is_certain_host(item: str) -> bool:
    """True for a host that can be nothing else: no file name, no property of an object, no version number."""
    match = _HOST.fullmatch(item)
    if not match or not is_host(item):
        return False
    return bool(match["scheme"]) or match["top"].lower() not in _ALSO_FILES or match["name"].count(".") > 1
