"""One member of a release to its facts: the bytes are read once by each of the eyes, and nothing else is touched."""

from clearance.model.contents import Language, Member, Prompt, Where
from clearance.observe.static.endpoints import endpoints
from clearance.observe.static.extensions import extensions
from clearance.observe.static.extensions.written import written_tools
from clearance.observe.static.eyes import Eyes
from clearance.observe.static.gather import MemberFacts, moved
from clearance.observe.static.hidden_strings import hidden_in_text
from clearance.observe.static.hidden_text import hidden_texts
from clearance.observe.static.made_code import made_code_abilities
from clearance.observe.static.native import native_prompts
from clearance.observe.static.patterns import find_patterns
from clearance.observe.static.prompts import is_prompt, prompt_of, prompts
from clearance.observe.static.reads import capabilities, environment_reads, landmarks
from clearance.observe.static.scripts import LEXERS, ReadScript
from clearance.observe.static.sixteen_bits import as_utf8
from clearance.observe.static.supply import bundled, dependencies, identify_bundled, supply_facts

LARGEST_DOCUMENT = 16 << 20
"""Bytes of a manifest or document beyond which it is not read as one."""

_TEXTS = frozenset({Language.MARKDOWN, Language.DATA, Language.TEXT})


def examine(member: Member, index: int, data: bytes, eyes: Eyes = Eyes.ALL) -> MemberFacts:
    """Facts of one member; ``index`` is its place in ``Contents.members``. No bytes make it raise."""
    if member.runtime or member.language is Language.MEDIA:
        return MemberFacts()
    if member.language not in LEXERS and member.language not in _TEXTS:
        return _native(member, index, data)
    if wide := as_utf8(data):
        text, place = wide
        return moved(_readable(member, index, text, eyes), place)
    return _readable(member, index, data, eyes)


def _readable(member: Member, index: int, data: bytes, eyes: Eyes) -> MemberFacts:
    return _script(member, index, data, eyes) if member.language in LEXERS else _text(member, index, data)


def _script(member: Member, index: int, data: bytes, eyes: Eyes) -> MemberFacts:
    read = ReadScript.of(member.language, data)
    script, hits = read.script, read.hits
    found = tuple(prompts(script, index))
    marks = landmarks(hits, found)
    return MemberFacts(
        endpoints=tuple(endpoints(data, index, language=member.language, script=script)),
        prompts=found,
        reads=tuple(environment_reads(hits, marks, data, index, read.calls)),
        hidden_strings=read.hidden(index) if eyes is Eyes.ALL else (),
        hidden_texts=hidden_texts(data, index, language=member.language, script=script),
        capabilities=(
            *capabilities(hits, data, index),
            *made_code_abilities(data, index, member.language, script),
        ),
        packages=tuple(identify_bundled(data, member.path)),
        supply=supply_facts(member.path, data) if len(data) <= LARGEST_DOCUMENT else (),
        extensions=written_tools(member.path, script) if member.language is not Language.SHELL else (),
    )


def _text(member: Member, index: int, data: bytes) -> MemberFacts:
    hits = list(find_patterns(data, member.language, None))
    small = len(data) <= LARGEST_DOCUMENT
    return MemberFacts(
        endpoints=tuple(endpoints(data, index, language=member.language, script=None)),
        prompts=_document_prompts(member, index, data),
        hidden_strings=hidden_in_text(data, index),
        hidden_texts=hidden_texts(data, index, language=member.language, script=None),
        capabilities=tuple(capabilities(hits, data, index)) if member.language is not Language.MARKDOWN else (),
        packages=bundled(member.path, data) if small else (),
        dependencies=dependencies(member.path, data) if small else (),
        supply=supply_facts(member.path, data) if small else (),
        extensions=extensions(member.path, data) if small else (),
    )


def _document_prompts(member: Member, index: int, data: bytes) -> tuple[Prompt, ...]:
    """A document that speaks to a model, whole."""
    if member.language is not Language.MARKDOWN or len(data) > 1 << 20:
        return ()
    text = data.decode("utf-8", "replace")
    if not is_prompt(text):
        return ()
    return (prompt_of(text, kind="text", name="", where=Where(member=index, offset=0)),)


def _native(member: Member, index: int, data: bytes) -> MemberFacts:
    hits = list(find_patterns(data, member.language, None))
    marks = landmarks((), ())
    return MemberFacts(
        endpoints=tuple(endpoints(data, index, language=member.language, script=None)),
        prompts=tuple(native_prompts(data, index)),
        reads=tuple(environment_reads(hits, marks, data, index)),
        capabilities=tuple(capabilities(hits, data, index)),
    )
