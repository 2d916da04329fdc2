"""Whether a text has the form of program text: words that only programs use, and what stands between them."""

import re
from collections import Counter
from typing import Final

_SIGNS: Final = re.compile(
    r"""\b(?:function\b[\w\s]*\(|return\b|const\s+[\w{[]|let\s+\w|var\s+\w|await\s|async\s|typeof\s|=>|require\(|module\.exports
    |import\s[\w*{"']|export\s|from\s+["'\w.]+\s+import|def\s+\w+\(|class\s+\w+|elif\s|self\.|lambda\s|print\(|exec\(
    |eval\(|process\.|document\.|window\.|console\.|os\.|sys\.|fetch\(|JSON\.|Object\.|Buffer\.|String\.|Math\.
    |new\s+[A-Z]\w+|if\s*\(|for\s*\(|while\s*\(|catch\s*[({]|try\s*[{:]|else\s*[{:]|then\b|fi\b|done\b|esac\b|echo\s
    |sudo\s|chmod\s|curl\s|wget\s|bash\b|/bin/|export\s+\w+=|powershell|Invoke-|-EncodedCommand)|=>|\#!/|\$\(|\$\{|&&|\|\|
    |==|!=|\+=|\);|\{\s|\};|^[ \t]*+[\w.]++\s*+=\s|\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b""",
    re.VERBOSE | re.MULTILINE,
)
_FIRST_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_NAMED: Final = re.compile(
    r"\b(?:html|head|body|meta|link|script|style|class|width|height|color|display|margin|padding|border|https?|www|svg|xmlns"
    r"|path|href|src|div|span|name|type|version|title|text|value|true|false|null)\b",
    re.IGNORECASE,
)
"""Names that markup, style sheets and data have: their brackets and quotes stay where only letters are moved."""
_ASSIGNED: Final = re.compile(r"[ \t]*+[\w.]++\s*+=\s")
_MARKUP: Final = re.compile(r"\s*(?:<\?xml|<!doctype|<svg|<html|<[a-z][\w-]*[\s/>])", re.IGNORECASE)
_STYLE: Final = re.compile(r"(?<![\w-])[.#@]?[\w-]++\s*+\{[^{}:]{0,400}+:[^{}]{0,400}+\}")
_DATA: Final = re.compile(r"\s*(?:\{\s*\"[^\"]*\"\s*:|\[\s*[\{\[\"\d]|\{\s*\})")
_MOST_OFTEN: Final = 0.3
_PUNCTUATION: Final = frozenset("(){}[];=<>&|+*!?:'\"$#@`\\/,.%^~-")


def is_markup_or_data(text: str) -> bool:
    """True for JSON, XML, HTML and style sheets."""
    head = text[:512]
    if _DATA.match(head) or _MARKUP.match(head):
        return text.rstrip().endswith((">", "}", "]", ";"))
    return not _is_monotonous(text[:4096]) and len(_STYLE.findall(text[:4096])) >= 2


def code_score(text: str) -> float:
    """0 to 1: how much a text is like JavaScript, Python, shell or SQL."""
    part = text[:4096]
    signs = {found.group().strip() for found in _SIGNS.finditer(part)}
    words = sum(sum(map(str.isalpha, sign)) >= 2 for sign in signs)
    punctuation = sum(char in _PUNCTUATION for char in part) / max(len(part), 1)
    if _is_monotonous(part) or len(signs) < 2 or words < 1 + (len(signs) < 4) or not 0.04 <= punctuation <= 0.6:
        return 0.0
    return min(1.0, 0.35 + 0.13 * len(signs)) * (1.0 if _balanced(part) or len(text) > 4096 else 0.7)


def program_words(text: str) -> set[str]:
    """The different words that only programs use where they use them, at most the first of each sign."""
    signs = (found.group() for found in _SIGNS.finditer(text[:4096]))
    words = (_FIRST_WORD.search(sign) for sign in signs if not _ASSIGNED.fullmatch(sign))
    named = (word.lower() for word in _NAMED.findall(text[:4096])) if is_markup_or_data(text) else ()
    return {*(word.group() for word in words if word), *named}


def _is_monotonous(text: str) -> bool:
    """One letter over and over: a table under a key, where everything rare reads as a sign."""
    letters = Counter(char for char in text if not char.isspace())
    return bool(letters) and letters.most_common(1)[0][1] > _MOST_OFTEN * letters.total()


def _balanced(text: str) -> bool:
    """Brackets come in pairs, as far as counting can tell."""
    return all(abs(text.count(left) - text.count(right)) <= 1 for left, right in ("()", "{}", "[]"))
