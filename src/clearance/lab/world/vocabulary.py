"""Words by which tools and their properties say what they are for: the general vocabulary of agents' tools."""

import enum
import re
from collections.abc import Mapping

_FLAGS = re.IGNORECASE | re.DOTALL


class Intent(enum.StrEnum):
    """What a turn wants done."""

    READ = "read"
    RUN = "run"
    LOOK = "look"
    NOTE = "note"
    OTHER = "other"
    FINISH = "finish"


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def words_of(name: str) -> tuple[str, ...]:
    """The words of an identifier: ``readFile``, ``read_file``, ``fs.read-file`` and ``ReadFile`` split alike."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name[:200])
    return tuple(word.lower() for word in re.findall(r"[A-Za-z]+|\d+", spaced))


def weighed(**by_weight: str) -> dict[str, int]:
    """Words with their weights: ``w7="bash shell"`` gives each of them 7."""
    return {word: int(weight[1:]) for weight, text in by_weight.items() for word in text.split()}


NAMES: Mapping[Intent, Mapping[str, int]] = {
    Intent.READ: weighed(
        w6="read",
        w5="view cat",
        w4="open",
        w3="show load",
        w2="get file contents editor",
        w1="fs files document source text lines",
    ),
    Intent.RUN: weighed(
        w7="bash shell",
        w6="terminal command cmd sh zsh",
        w5="execute exec powershell commands",
        w4="run console",
        w3="script",
        w2="process python",
    ),
    Intent.LOOK: weighed(
        w7="glob",
        w6="grep ripgrep rg",
        w5="find ls",
        w4="search list dir",
        w3="directory tree",
        w2="files folder",
        w1="file codebase content",
    ),
    Intent.NOTE: weighed(
        w6="write",
        w5="create",
        w4="edit patch save append",
        w3="insert editor replace modify",
        w2="update file",
        w1="fs",
    ),
    Intent.FINISH: weighed(
        w7="finish",
        w6="completion submit done",
        w5="complete terminate",
        w4="final",
        w3="answer end",
        w2="result attempt return",
        w1="task stop",
    ),
}
"""How much a word in a tool's name speaks for an intent."""

DESCRIPTIONS: Mapping[Intent, re.Pattern[str]] = {
    Intent.READ: re.compile(r"\b(reads?|views?|opens?|returns?|shows?|contents?)\b.{0,60}\bfiles?\b", _FLAGS),
    Intent.RUN: re.compile(
        r"\b(runs?|executes?|running|executing)\b.{0,60}\b(shell|bash|commands?|terminal|scripts?)\b", _FLAGS
    ),
    Intent.LOOK: re.compile(
        r"\b(lists?|finds?|search(es)?|match(es)?|glob)\b.{0,60}\b(files?|director(y|ies)|folders?|contents?|code)\b",
        _FLAGS,
    ),
    Intent.NOTE: re.compile(r"\b(writes?|creates?|edits?|saves?|modif(y|ies))\b.{0,60}\bfiles?\b", _FLAGS),
    Intent.FINISH: re.compile(r"\b(final|task is (complete|done|finished)|finish(es|ed)?|submit)\b", _FLAGS),
}

SHUNNED = listed("""
    ask question questions user human person approve approval confirm clarify feedback elicit input plan mode agent
    agents subagent subagents task tasks delegate spawn dispatch handoff web fetch url browser browse http internet
    google online delete remove rm unlink drop destroy purge kill cancel stop reset abort schedule cron sleep wait
    monitor notify notification send email mail push publish deploy commit merge exit worktree skill skills memory
    remember forget message team computer click screenshot resource resources image images video audio pdf notebook
    background stdin sudo install uninstall restart reboot undo revert rollback move rename permission permissions
    login logout auth purchase pay order
""")
"""Words in the names of tools that wait for a person, start another agent, go out, or change what is there."""

SHUNNED_SAYS = re.compile(
    r"\bsub-?agents?\b|\bask(s|ing)? (the )?(user|human)|\b(user|human)'s (approval|answer|response)|"
    r"\b(browse|search|fetch)\w*\b.{0,40}\b(web|internet|url)\b|\bdelet(e|es|ing)\b.{0,30}\bfiles?\b",
    _FLAGS,
)
"""The same, said in a description."""

HARSH = listed("delete remove kill stop reset clear drop destroy undo push rm")
"""Members of a fixed list that are taken only when the list has no others."""

PATH = listed("path paths file files filepath filepaths filename target uri document operations")
FOLDER = listed("dir dirs directory directories folder workdir cwd root workspace")
COMMAND = listed("command commands cmd cmds script argv shell")
PATTERN = listed("pattern patterns glob query queries regex regexp search term keyword keywords q")
CONTENT = listed("content contents text body data new replacement value")
PATCH = listed("patch diff")
REASON = listed("""
    description explanation reason purpose instruction instructions title summary thought justification message prompt
    subject name answer response result intent goal note comment objective
""")

NEEDS: Mapping[Intent, frozenset[str]] = {
    Intent.READ: PATH,
    Intent.RUN: COMMAND | {"code"},
    Intent.LOOK: PATTERN | FOLDER | PATH,
    Intent.NOTE: CONTENT | PATCH | {"str", "string", "edits"},
}
"""Words of the properties that a tool for the intent has."""

CHOICES: Mapping[Intent, tuple[str, ...]] = {
    Intent.READ: ("view", "read", "cat", "open", "show", "file", "line", "get"),
    Intent.RUN: ("run", "exec", "execute", "bash", "sh", "start"),
    Intent.LOOK: ("list", "search", "find", "glob", "grep", "files", "name"),
    Intent.NOTE: ("create", "write", "new", "add", "append"),
    Intent.OTHER: ("list", "view", "get", "read", "show", "status", "pending"),
    Intent.FINISH: ("success", "completed", "complete", "done"),
}
"""What to take of a fixed list, best first."""

ABSOLUTE = re.compile(r"\babsolute\b|\bfull path\b|\bfully[- ]qualified\b|start(s|ing)? with ['\"`]?/", _FLAGS)
"""A description that asks for an absolute path."""
