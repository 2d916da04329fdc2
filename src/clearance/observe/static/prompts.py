"""Texts that address a model: system prompts and descriptions of tools, as one can read and compare them.

1. A text is a literal, or the pieces of a template with ``${…}`` where something is put in.
2. It is a prompt when it speaks to somebody about a task: it has sentences, and words that people use to direct a model
   or to describe a tool to it, in any of the languages that ``_CUES`` knows.
3. A text that follows ``description:`` or lies near a schema of arguments describes a tool.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from clearance.model.contents import Prompt, Where
from clearance.model.ids import Digest
from clearance.observe.static.script import LiteralKind, Script

LEAST = 120
"""Bytes of the shortest literal that is looked at."""
_MOST_TEXT = 64 << 10
_MOST_PROMPTS = 4000
_TITLE = 80
_CUES: Final = tuple(
    re.compile(cue)
    for cue in (
        r"\b[Yy]ou(?:r| are| must| should| can| will| may|'re)\b",
        r"\b(?:the|your) (?:user|assistant|agent|model|task|conversation|codebase|tool|response)\b",
        r"\b(?:Do not|Don't|Never|Always|NEVER|ALWAYS|IMPORTANT|MUST|Ensure|Make sure|Avoid|Prefer|Only)\b",
        r"\b(?:Use|Call|Invoke|Run|Read|Write|Search|Returns?|Fetch|Edit|Execute)s? (?:this|the|a|an|to|when|for)\b",
        r"</?(?:system|instructions?|example|context|thinking|task|rules?|env)[\w-]*>",
        r"[你您](?:是|必须|应该|需要|可以|的任务)|请(?:勿|不要|使用|确保)|用户|助手|工具|不要|务必",
        r"あなたは|してください|ユーザー|アシスタント|しないでください|ツール",
        r"당신은|사용자|하세요|마세요|도구|어시스턴트",
        r"\b[Тт]ы\b|\b[Вв]ы (?:должн|являетесь)|пользовател|ассистент|инструмент|никогда",
        r"\b(?:Eres|Debes|No debes|usuario|asistente|herramienta|Nunca|Siempre)\b",
        r"\b(?:Tu es|Vous êtes|vous devez|utilisateur|outil|Ne jamais|Toujours)\b",
        r"\b(?:Du bist|Sie sind|Benutzer|Werkzeug|Niemals|Immer|musst|sollst)\b",
        r"\b(?:Você é|Você deve|usuário|ferramenta|Nunca|Sempre)\b",
        r"أنت|المستخدم|يجب عليك|لا تقم|المساعد",
        r"आप एक|उपयोगकर्ता|आपको|सहायक",
    )
)
_ENGLISH: Final = 5
"""How many of them are English: there each is another kind of cue, elsewhere a row is a language."""
_TOOL_BEFORE: Final = re.compile(rb"(?:description|prompt)\s*(?:\(\))?\s*[:=]\s*(?:\(?\s*)?[\"'`]?\Z")
_NAME_NEAR: Final = re.compile(rb"\bname\s*[:=]\s*[\"'`]([A-Za-z][\w.-]{1,60})[\"'`]")
_SCHEMA_NEAR: Final = re.compile(rb"input_?[sS]chema|parameters\s*:\s*\{|\.strictObject\(|\.object\(\{")
_SYSTEM: Final = re.compile(
    r"\A\W{0,4}(?:You are|You're|Act as|As an? |Eres|Tu es|Du bist|Você é|你是|您是|あなたは|당신은|Ты |Вы |أنت)"
)
_LICENCE: Final = re.compile(
    r"Permission is hereby granted|WARRANT(?:Y|IES)|Redistribution and use|\bCopyright\b|Licensed under"
)


def prompts(script: Script, member: int) -> Iterator[Prompt]:
    """Every prompt of a script, each text once, in order."""
    seen: set[str] = set()
    for start, text in texts(script):
        if len(seen) >= _MOST_PROMPTS or text in seen or not is_prompt(text):
            continue
        seen.add(text)
        kind, name = _kind(script.data, start, text)
        yield prompt_of(text, kind=kind, name=name, where=Where(member=member, offset=start))


def prompt_of(text: str, *, kind: str, name: str, where: Where) -> Prompt:
    """The noun, with its digest; the title is the tool's name or the text's first words."""
    first = " ".join(text.split())[:_TITLE]
    return Prompt(
        kind=kind,
        title=name or first,
        text=text[:_MOST_TEXT],
        size=len(text),
        sha256=Digest(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()),
        place=where,
    )


def texts(script: Script, *, least: int = LEAST) -> Iterator[tuple[int, str]]:
    """Where each longer text begins, and the text: literals, and templates whole."""
    starts, ends, kinds, joined = script.starts, script.ends, script.kinds, script.joined
    first = np.flatnonzero((kinds <= LiteralKind.TEMPLATE) & ~joined)
    if not len(first):
        return
    follow = np.append(first[1:], len(starts))
    size = np.add.reduceat((ends - starts) * (kinds <= LiteralKind.TEMPLATE), first)
    for index in np.flatnonzero(size >= least).tolist():
        begin, stop = int(first[index]), int(follow[index])
        pieces = [begin] + [i for i in range(begin + 1, stop) if joined[i]]
        yield int(starts[begin]), "${…}".join(script.text(i) for i in pieces)


def is_prompt(text: str) -> bool:
    """Sentences, and two cues of one language."""
    sample = text[:4000]
    letters = sum(map(str.isalpha, sample))
    if letters < 0.55 * len(sample) or (" " not in sample and sample.isascii()):
        return False
    words = sample.split()
    if sample.isascii() and (len(words) < 15 or max(map(len, words)) > 400):
        return False
    if _LICENCE.search(sample):
        return False
    english = sum(1 for cue in _CUES[:_ENGLISH] if cue.search(sample))
    return english >= 2 or any(len(set(cue.findall(sample))) >= 2 for cue in _CUES[_ENGLISH:])


def _kind(data: bytes | memoryview, start: int, text: str) -> tuple[str, str]:
    if _SYSTEM.search(text):
        return "system", ""
    before = bytes(data[max(0, start - 240) : start])
    after = bytes(data[start + min(len(text), 4000) : start + min(len(text), 4000) + 400])
    if _TOOL_BEFORE.search(before[-40:]) or _SCHEMA_NEAR.search(after):
        name = _NAME_NEAR.findall(before)
        return "tool", name[-1].decode() if name else ""
    return "text", ""
