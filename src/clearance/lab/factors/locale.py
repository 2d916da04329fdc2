"""The language and region of the login: ``LANG``, ``LC_ALL`` and ``LANGUAGE``.

A locale that is not installed is staged by its variables alone: runtimes with their own tables (Node, Bun, Go, Java)
obey them, the C library falls back to ``C``. ``not_installed`` says which those are.
"""

import re
from collections.abc import Callable

from clearance.lab.factors.context import FactorContext, name, with_extra
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_BASELINE = ("en_US", "English", "English")
_LEVELS = (
    ("zh_CN", "Chinese", "中文"),
    ("hi_IN", "Hindi", "हिन्दी"),
    ("es_MX", "Spanish", "español"),
    ("ar_EG", "Arabic", "العربية"),
    ("ru_RU", "Russian", "русский"),
    ("pt_BR", "Portuguese", "português"),
    ("ja_JP", "Japanese", "日本語"),
    ("de_DE", "German", "Deutsch"),
    ("fa_IR", "Persian", "فارسی"),
    ("ko_KR", "Korean", "한국어"),
    ("fr_FR", "French", "français"),
    ("zh_TW", "Chinese", "中文"),
    ("tr_TR", "Turkish", "Türkçe"),
    ("he_IL", "Hebrew", "עברית"),
    ("uk_UA", "Ukrainian", "українська"),
    ("id_ID", "Indonesian", "Indonesia"),
    ("vi_VN", "Vietnamese", "Tiếng Việt"),
    ("zh_HK", "Chinese", "中文"),
    ("en_GB", "English", "English"),
    ("C", "", ""),
)
_TAG = re.compile(r"^([a-z]{2,3})[_-](?:[A-Z][a-z]{3}[_-])?([A-Z]{2})(?:\.[A-Za-z0-9-]+)?$")


def build(context: FactorContext) -> Factor:
    """The factor; extra levels are tags in any spelling (``zh-CN``, ``zh_CN.UTF-8``)."""
    factor = Factor(
        name=FactorName("locale"),
        why="The language of the desktop is the reader's business; instructions to a model should not shift with it.",
        baseline=_level(*_BASELINE),
        levels=tuple(_level(*row) for row in _LEVELS),
    )
    return with_extra(context, factor, _extra)


def not_installed(context: FactorContext) -> tuple[LevelName, ...]:
    """Levels whose locale the system lacks: only the variables carry them."""
    there = {entry.lower().replace("utf8", "utf-8") for entry in context.installed_locales}
    factor = build(context)
    return tuple(v.name for v in (factor.baseline, *factor.levels) if v.name.lower() not in there)


def _extra(value: str) -> Level | None:
    match = _TAG.match(value.strip())
    return _level(f"{match[1]}_{match[2]}", "", "") if match else None


def _level(tag: str, english: str, native: str) -> Level:
    if tag == "C":
        return Level(name=LevelName("C"), stage=_stage("C", "C"), renderings=("POSIX",))
    language, _, region = tag.partition("_")
    full, dashed = f"{tag}.UTF-8", f"{language}-{region}"
    spellings = (full, f"{tag}.utf8", tag, dashed, dashed.lower(), tag.lower(), english, native)
    return Level(
        name=name(full),
        stage=_stage(full, f"{tag}:{language}"),
        renderings=tuple(dict.fromkeys(s for s in spellings if s)),
    )


def _stage(full: str, languages: str) -> Callable[[Staging], Staging]:
    return lambda staging: staging.with_env(LANG=full, LC_ALL=full, LANGUAGE=languages)
