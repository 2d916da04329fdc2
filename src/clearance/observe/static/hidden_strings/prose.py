"""Whether text is written in some language: one or two scripts, the usual letters of each, words of a usual length.

A wrong key turns UTF-8 into other UTF-8 more often than one would think: the same script block, but letters that nobody
writes. So each script has its usual letters; where a script has none listed, that all its code points are assigned has
to do.
"""

import functools
import re
import unicodedata
from typing import Final

_HAN: Final = frozenset(
    """的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家
    种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第
    公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特
    代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安
    少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放
    强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔网户码密
    钥号络服务器址域称单项图片视频音乐游戏商店支付订购物车注册登录退输错误警告成功失败选择取消保存删除编辑查返搜索添首页联
    系帮助关于语言默认模型智慧数据库云端客户支持时區間語國們這來會對說過開發後長個學請輸入錯誤檔案確認設定登錄註冊選擇
    刪編輯覽讀寫電腦網絡連線號碼廣東臺灣年月日分秒周昨早晚午左右春夏秋冬红黄蓝绿黑爱朋友父母吃饭喝茶睡跑飞鸟花草树河湖""".split()
)
_HAN_SET: Final = frozenset("".join(_HAN))
_HANGUL: Final = frozenset(
    "이다는을의에가고한하로지기사은를자어도나리서시인그대해아정과수있제전보일들부상주구스만여비원니조것게라장"
    "요면안국습적동개했경음무우성러신오세문소공중생위연마모유선계당와관되내으미었거회용실방분치년말할트행"
    "않데양물더화체간발결등금단차반력외때까터처학입민법현란호명려파번없업식작심새속진영석점접저본후복료또루설월"
)
_KANA: Final = frozenset(
    "のにはをたがでてとしれさあいるっりこまなかうそらもきよくおけちえせわめすみつほねやどだばぎごびんー"
    "アイウエオカキクケコサシスセソタチツテトナニノハヒフホマミムメモヤユヨラリルレロワンッャュョァィェォガギグゲゴザジズゼダデドバビブベボパピプペポー"
)
_USUAL: Final[dict[str, frozenset[str]]] = {
    "LATIN": frozenset(
        map(chr, (*range(0xC0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x218, 0x21C), *range(0x1EA0, 0x1EFA)))
    ),
    "CJK": _HAN_SET,
    "HANGUL": _HANGUL,
    "HIRAGANA": _KANA,
    "KATAKANA": _KANA,
    "CYRILLIC": frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў" + "абвгдежзиклмнопрстуфхцчшщэюя".upper()),
    "GREEK": frozenset("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΗΘΙΚΛΜΝΟΠΡΣΤΥΦΧΩ"),
    "HEBREW": frozenset(map(chr, range(0x5D0, 0x5EB))),
    "ARABIC": frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأؤإئپچژکگیًٌٍَُِّْ؟،؛"),
    "DEVANAGARI": frozenset("अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुूेैोौंँः़्।"),
    "THAI": frozenset("กขคงจฉชซญฎฐณดตถทธนบปผฝพฟภมยรลวศษสหอฮะัาำิีึืุูเแโใไๅๆ็่้๊๋์"),
}
_MIXED: Final = re.compile(r"[A-Za-z][\u0370-\u2dff\ua000-\uabff]|[\u0370-\u1fff\u2c00-\u2dff\ua000-\uabff][A-Za-z]")
"""A Latin letter beside one of another alphabet: words are not written so. (Chinese and Japanese are.)"""
_FEW: Final = 12
_MARKS: Final = frozenset("，。、；：？！（）《》「」『』【】“”‘’…—–·•°€£©®×→«»¿¡№。、・〜～％．")
_CAPITAL: Final = 4.0
"""Bits that a capital letter is rarer than a small one."""
_USUAL_SHARE: Final = {"CJK": 0.25, "HANGUL": 0.4}
"""Least share of usual letters where there are thousands of others; 0.9 elsewhere."""


@functools.lru_cache(maxsize=65536)
def script_of(char: str) -> str:
    """The script of a letter or mark as the first word of its Unicode name, ``""`` for what belongs to none."""
    if unicodedata.category(char)[0] not in "LM":
        return ""
    name = unicodedata.name(char, "").partition(" ")[0]
    return "" if name in {"COMBINING", "MODIFIER", "VARIATION"} else name.partition("-")[0] or "?"


@functools.lru_cache(maxsize=65536)
def char_bits(char: str) -> float:
    """Surprise of one code point beyond ASCII, roughly: usual letters little, others of the same script more."""
    script = script_of(char)
    if char in _MARKS:
        return 7.0
    if not script:
        return 13.0 if unicodedata.category(char)[0] in "PSN" else 20.0
    usual = _USUAL.get(script)
    if usual is None:
        return 10.0
    wide = 4.0 if script in _USUAL_SHARE else 0.0
    return (5.5 if char in usual else 12.0) + wide + _CAPITAL * char.isupper()


def is_prose(text: str, *, known: bool = False) -> bool:
    """True when text beyond ASCII is written in at most two scripts, mostly with their usual letters.

    ``known``: only in scripts whose usual letters are listed here.
    """
    letters = [char for char in text[:4096] if char > "\x7f" and script_of(char)]
    if len(_MIXED.findall(text[:4096])) * 8 > len(letters):
        return False
    strange = sum(char > "\x7f" and not script_of(char) and char not in _MARKS for char in text[:4096])
    if not letters or strange * 10 > len(letters):
        return False
    counts: dict[str, int] = {}
    for char in letters:
        counts[script_of(char)] = counts.get(script_of(char), 0) + 1
    kana = counts.pop("HIRAGANA", 0) + counts.pop("KATAKANA", 0)
    script, most = max(counts.items(), key=lambda each: each[1]) if counts else ("KATAKANA", 0)
    if most + kana < 0.9 * len(letters):
        return False
    if known and script not in _USUAL:
        return False
    if script == "LATIN" and sum(map(str.isalpha, filter(str.isascii, text[:4096]))) < len(letters):
        return False
    return _usual_share(letters, script) >= _USUAL_SHARE.get(script, 0.9) + 0.2 * (len(letters) < _FEW)


def _usual_share(letters: list[str], script: str) -> float:
    known = _USUAL.get(script)
    if known is None:
        return 1.0 if all(script_of(char) != "?" for char in letters) else 0.0
    return sum(char in _USUAL.get(script_of(char), known) for char in letters) / len(letters)
