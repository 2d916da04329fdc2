"""How bytes are read, by their first bytes and their name: machine code never passes for text, nor text for media."""

import re

from clearance.model.contents import Language

HEAD = 4096
"""Bytes of a member's begin that are enough to tell."""

_BY_SUFFIX = {
    suffix: language
    for language, suffixes in {
        Language.JAVASCRIPT: "js mjs cjs jsx ts tsx mts cts es6",
        Language.PYTHON: "py pyw pyi pyx pxd pth",
        Language.SHELL: "sh bash zsh fish ksh ps1 psm1 bat cmd",
        Language.MARKDOWN: "md mdc mdx markdown",
        Language.DATA: (
            "json jsonc json5 jsonl ndjson toml yaml yml xml html htm xhtml css scss less svg ini cfg conf properties "
            "plist env lock csv tsv ipynb map graphql gql proto sql tf hcl vue svelte astro webmanifest gyp gypi rc"
        ),
        Language.TEXT: (
            "txt log rst tex c h cc cpp hpp cxx m mm go rs java kt swift rb php pl lua cs scala f f90 r jl zig el scm "
            "ex exs erl hs ml clj dart asm s cmake mk patch diff prisma"
        ),
        Language.BYTECODE: "pyc pyo jsc class luac hbc dex beam",
    }.items()
    for suffix in suffixes.split()
}
_SCRIPTS = frozenset({Language.JAVASCRIPT, Language.PYTHON, Language.SHELL})
_MEDIA_SUFFIXES = frozenset(
    "png jpg jpeg jfif gif bmp ico icns webp avif heic jxl tif tiff psd woff woff2 ttf otf ttc eot mp3 mp4 m4a m4v mov "
    "avi mkv webm ogg oga ogv opus flac wav aac pdf cur ani".split()
)
_MEDIA = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|BM|\0\0[\x01\x02]\0|icns|RIFF....(?:WEBP|WAVE|AVI |ACON)|II\*\0|"
    rb"MM\0\*|8BPS|wOF[F2]|\0\x01\0\0|OTTO|true|ttcf|ID3|\xff[\xe2-\xfb]|....ftyp|\x1a\x45\xdf\xa3|OggS|fLaC|%PDF-|\xff\x0a|"
    rb"\0\0\0\x0cJXL |.{34}LP",
    re.DOTALL,
)
_STRONG_MEDIA = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xdb\xe0-\xef]|wOF[F2]\0\x01|wOF2OTTO|....ftyp[a-z0-9]{3}", re.DOTALL
)
_RULES = frozenset({".cursorrules", ".windsurfrules", ".clinerules", ".roorules", ".goosehints"})
"""Instructions for an assistant in files without a suffix."""
_INTERPRETERS = (
    (re.compile(r"python|pypy"), Language.PYTHON),
    (re.compile(r"node|bun|deno|tsx|ts-node|zx"), Language.JAVASCRIPT),
    (re.compile(r"(?:ba|z|da|k|fi|a)?sh|pwsh|busybox"), Language.SHELL),
)


def language_of(name: str, head: bytes, *, hint: Language | None = None) -> Language:
    """How a member called ``name`` that begins with ``head`` is read.

    ``hint`` is what its container says of it; only machine code overrules it.
    """
    if is_program(head):
        return Language.NATIVE
    if (compiled := _compiled(head)) is not None:
        return compiled
    if hint is not None:
        return hint
    base = name.rpartition("/")[2].lower()
    suffix = base.rpartition(".")[2] if "." in base else ""
    named = Language.MARKDOWN if base in _RULES else _BY_SUFFIX.get(suffix)
    if named in _SCRIPTS or named is Language.BYTECODE:
        return named  # a NUL in a comment does not make a script something else
    if (suffix in _MEDIA_SUFFIXES and _MEDIA.match(head)) or (named is None and _STRONG_MEDIA.match(head)):
        return Language.MEDIA
    if not is_text(head):
        return Language.NATIVE
    return named or _by_first_line(head)


def is_program(head: bytes) -> bool:
    """Machine code: ELF, PE, Mach-O or WebAssembly."""
    if head.startswith((b"\x7fELF", b"\0asm", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf")):
        return True
    if head.startswith((b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")):
        return True
    if head.startswith(b"\xca\xfe\xba\xbe"):
        return int.from_bytes(head[4:8], "big") < 40  # a fat Mach-O's parts; a Java class has its version there
    return head.startswith(b"MZ") and b"\0" in head[:64]


def is_text(head: bytes) -> bool:
    """Whether bytes read as text: UTF-8, UTF-16 or an eight-bit alphabet."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return _is_wide(head)
    controls = sum(
        head.count(byte) for byte in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x0e", b"\x7f")
    )
    if controls * 50 > len(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter may be cut in two. Of an eight-bit alphabet most is ASCII; of compressed bytes half is not.
        return error.start >= len(head) - 4 or sum(byte > 0x7F for byte in head) * 4 < len(head)
    return True


def _is_wide(head: bytes) -> bool:
    """UTF-16 without a mark: zeros at every second place, letters at the others."""
    pairs = max(1, len(head) // 2)
    for low, high in ((head[::2], head[1::2]), (head[1::2], head[::2])):
        if high.count(0) * 10 >= pairs * 7 and low.count(0) * 20 < pairs:
            return True
    return False


def _compiled(head: bytes) -> Language | None:
    v8_or_hermes = head[2:4] == b"\xde\xc0" or head.startswith(b"\xc6\x1f\xbc\x03")
    others = head.startswith((b"\xca\xfe\xba\xbe", b"\x1bLua", b"dex\n0"))
    python = head[2:4] == b"\r\n" and b"\0" in head[4:16]
    return Language.BYTECODE if v8_or_hermes or others or python else None


def _by_first_line(head: bytes) -> Language:
    line = head.partition(b"\n")[0].decode("latin-1")
    if line.startswith("#!"):
        words = [word.rpartition("/")[2] for word in line[2:].split() if not word.startswith("-")]
        program = next((w for w in words if w != "env" and "=" not in w), "")
        return next((lang for pattern, lang in _INTERPRETERS if pattern.match(program)), Language.TEXT)
    start = head.lstrip()[:16].lower()
    return Language.DATA if start.startswith((b"<?xml", b"<!doctype", b"<html", b'{"')) else Language.TEXT
