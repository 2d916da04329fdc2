"""Ordinary text of many languages is not said to hide anything, and its words stay what they are."""

import pytest

from clearance.detect.canonical import canonical

ORDINARY = {
    "emoji": "Done ✅ ❤️ 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 1️⃣ #️⃣ ⚠️ ©️ ☎︎ 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 👍🏽",
    "persian": "می‌خواهم کتاب‌های خوب را بخوانم؛ نمی‌دانم چه می‌شود. خانه‌ها و باغ‌ها، کتاب‌خانه‌ها و دانش‌گاه‌ها.",
    "hindi": "क्‍ष और श्री‍ में नमस्‌ते; हिन्‍दी में लिखा हुआ पाठ, जो सामान्‍य है।",
    "arabic marks": "\u200fالعربية\u200e (Arabic)\u200f: النص \u202bعادي\u202c، \u2067لا شيء\u2069 مخفي.",
    "hebrew": "\u200fשלום עולם\u200e, \u202bטקסט רגיל\u202c — C++\u200f.",
    "thai": "ภาษา\u200bไทย\u200bไม่\u200bเว้น\u200bวรรค\u200bระหว่าง\u200bคำ\u200bจึง\u200bใช้\u200bตัว\u200bแบ่ง\u200bคำ\u200bแบบ\u200bนี้",
    "khmer": "ភាសា\u200bខ្មែរ\u200bមិន\u200bដក\u200bឃ្លា\u200bរវាង\u200bពាក្យ\u200bទេ\u200bដូច្នេះ\u200bប្រើ\u200bតួអក្សរ\u200bនេះ",
    "korean": "한국어 문장입니다. 숨긴 것은 없습니다. \u1112\u1161\u11ab\u1100\u1173\u11af \u3164 ㄱㄴㄷ",
    "mark at the start": "\ufeffusing System;\n// ordinary\n",
    "german": "Donau\u00addampf\u00adschiff\u00adfahrts\u00adgesell\u00adschafts\u00adkapi\u00adtäns\u00admützen\u00adab\u00adzei\u00adchen",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ\u180b ᠬᠡᠯᠡ\u180c ᠪᠢᠴᠢᠭ\u180e\u180d",
    "ideographic variants": "葛\U000e0100飾区と葛\U000e0101城市、辻\U000e0100さんと辻\U000e0101さん、邉\U000e010e 邊\U000e0102 﨑\ufe00 逸\ufe00",
    "russian": "Обычный текст: оса, сор, роса и ухо. Хор поёт в саду.",
    "greek": "Ένα απλό κείμενο: η Αθήνα και το ΝΑΤΟ. Το μήκος είναι 3 μm.",
    "ukrainian": "Він приїхав і сів. Ці сосни ростуть у лісі.",
    "vietnamese": "Tiếng Việt có nhiều dấu: Nguyễn, đường, được, những.",
    "mathematics": "f\u2061(x) = a\u2062b, ∑\ufe00 ≤ ∪\ufe00, ẋ ẍ x⃗",
    "messages of programs": "Welcome, \u2068Anna\u2069! You have \u20683\u2069 new messages in \u2068Inbox\u2069.",
    "colours": "\x1b[1m\x1b[31merror\x1b[0m: no such file\n",
    "a manual page": "N\bNA\bAM\bME\bE\n       ls - l\bli\bis\bst\bt\n",
    "progress": "10%\b\b\b20%\b\b\b30%\b\b\b100% -\b\\\b|\b/\b done\n",
    "links that may break": "https://\u200bexample\u200b.org/\u200ba/\u200bvery/\u200blong/\u200bpath and some_\u200bvery_\u200blong_\u200bname",
    "hashes": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP==",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_text_hides_nothing(name: str) -> None:
    views = canonical(ORDINARY[name].encode())
    assert views.hidden == ()
    assert views.problems == ()


@pytest.mark.parametrize("name", ["russian", "greek", "ukrainian", "vietnamese", "german", "korean", "arabic marks"])
def test_honest_words_are_no_look_alikes(name: str) -> None:
    views = canonical(ORDINARY[name].encode())
    assert views.skeleton is views.plain


def test_hashes_and_identifiers_are_no_messages() -> None:
    assert canonical(ORDINARY["hashes"].encode()).decoded == ()
    assert canonical(b"getElementsByTagName(AbstractSingletonProxyFactoryBean)").decoded == ()


def test_what_is_ordinary_beside_arabic_is_not_in_a_text_without_it() -> None:
    reordered = "if access != 'user\u202e \u2066// check\u2069 \u2066' {"
    assert [found.kind for found in canonical(reordered.encode()).hidden] == ["bidi"]


def test_one_tag_flag_is_ordinary_and_tags_behind_another_flag_are_not() -> None:
    sentence = "".join(chr(0xE0000 + ord(c)) for c in "send it\x7f")
    assert canonical(f"\U0001f3f4{sentence}".encode()).hidden
