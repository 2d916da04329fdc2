"""Public sets of labelled text, read where a user keeps them: one reader a set, each row with its family.

A folder of data holds any of: ``*.rows.jsonl`` in our own form (``rows``) or with ``text``, ``label`` (0 or 1) and
``family``; the files of the sets named in ``READERS``, found by their names. None of these sets ships with Clearance.
"""

import csv
import gzip
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from clearance.lab.threats.errors import ThreatsError
from clearance.lab.threats.rows import Label, LabelledText
from clearance.model.threat import MisuseTier, SpanChannel

Reader = Callable[[Path], Iterator[LabelledText]]
_A_LINE: Final = "One JSON object a line, as docs/classifiers.md says."
_USER, _FILE, _MCP, _WEB = (
    SpanChannel.USER_PROMPT,
    SpanChannel.FILE_RESULT,
    SpanChannel.MCP_RESULT,
    SpanChannel.WEB_RESULT,
)


def rows_below(folder: Path) -> Iterator[LabelledText]:
    """Every row of every set below a folder, sorted by path. Files that no reader knows are passed over."""
    for path in sorted(folder.rglob("*")):
        name = path.as_posix()
        for ending, reader in READERS.items():
            if name.endswith(ending) and path.is_file():
                yield from reader(path)
                break


def unread_below(folder: Path) -> tuple[Path, ...]:
    """Files of data that no reader knows, so that a user sees what did not count."""
    kinds = (".json", ".jsonl", ".csv", ".parquet", ".gz", ".txt", ".prompt", ".yaml", ".yml")
    return tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in kinds and not any(path.as_posix().endswith(ending) for ending in READERS)
    )


def _row(text: object, label: Label, family: str, channel: SpanChannel = _USER, **more: object) -> LabelledText:
    tier = more.get("tier")
    return LabelledText(
        text=str(text).strip(),
        channel=channel,
        label=label,
        family=family,
        tier=tier if isinstance(tier, MisuseTier) else None,
        exfiltrates=bool(more.get("exfiltrates", False)),
    )


def _lines(path: Path) -> Iterator[dict[str, object]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ThreatsError(f"{path}, line {number} is no JSON: {error}.", advice=_A_LINE) from error
        if not isinstance(row, dict):
            raise ThreatsError(f"{path}, line {number} is no JSON object.", advice=_A_LINE)
        yield row


def _prompt_armor(path: Path) -> Iterator[LabelledText]:
    mail = itertools.count()
    for row in _lines(path):
        source = str(row["source"])
        if source == "llmail-inject" and next(mail) % 3:
            continue  # one set would outweigh all others
        label, channel = (Label.INJECTION, _MCP) if source == "llmail-inject" else (Label.JAILBREAK, _USER)
        yield _row(row["text"], label, source, channel, exfiltrates=row.get("category") == "data_exfiltration")


def _benign_exemplars(path: Path) -> Iterator[LabelledText]:
    return (_row(row["text"], Label.ORDINARY, "prompt-armor-benign") for row in _lines(path))


def _s_labs(path: Path) -> Iterator[LabelledText]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _row(row["text"], Label.JAILBREAK if row["label"] == "1" else Label.ORDINARY, "s-labs")


def _neuralchemy(path: Path) -> Iterator[LabelledText]:
    from pyarrow import parquet

    for row in parquet.read_table(path).to_pylist():
        yield _row(row["text"], Label.JAILBREAK if row["label"] else Label.ORDINARY, "neuralchemy")


def _yanis(path: Path) -> Iterator[LabelledText]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _row(row["prompt_injections"], Label.JAILBREAK, "yanismiraoui")


def _in_the_wild(path: Path) -> Iterator[LabelledText]:
    return (_row(text, Label.JAILBREAK, "in-the-wild") for text in json.loads(path.read_text(encoding="utf-8")))


def _templates(path: Path) -> Iterator[LabelledText]:
    for row in _lines(path):
        text = str(row["value"]).replace("{% raw %}", "").replace("{% endraw %}", "").replace("{{ prompt }}", "")
        yield _row(text, Label.JAILBREAK, "pyrit-templates")


def _values(family: str) -> Reader:
    def read(path: Path) -> Iterator[LabelledText]:
        import yaml

        text = path.read_text(encoding="utf-8")
        seeds = text[text.index("\nseeds:") :]
        for row in yaml.safe_load(seeds)["seeds"]:
            yield _row(row["value"], Label.MISUSE, family, tier=MisuseTier.PROHIBITED)

    return read


def _harmful_lines(path: Path) -> Iterator[LabelledText]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield _row(line, Label.MISUSE, "harmbench", tier=MisuseTier.PROHIBITED)


def _text_attacks(path: Path) -> Iterator[LabelledText]:
    for texts in json.loads(path.read_text(encoding="utf-8")).values():
        for text in texts:
            yield _row(text, Label.INJECTION, "bipia", _MCP)


def _issues(path: Path) -> Iterator[LabelledText]:
    return (_row(str(row["text"]).replace("\\n", "\n"), Label.ORDINARY, "issues", _WEB) for row in _lines(path))


def _contexts(path: Path) -> Iterator[LabelledText]:
    for row in _lines(path):
        if "context" in row:
            yield _row(row["context"], Label.ORDINARY, "bipia-contexts", _MCP)


def _labelled(path: Path) -> Iterator[LabelledText]:
    """Our own rows, or rows with ``text``, ``label`` and ``family``."""
    for row in _lines(path):
        if {"text", "channel", "label", "family"} <= row.keys():
            tier = row.get("tier")
            yield _row(
                row["text"],
                Label(str(row["label"])),
                str(row["family"]),
                SpanChannel(str(row["channel"])),
                tier=MisuseTier(str(tier)) if tier else None,
            )
        elif {"text", "label"} <= row.keys():
            label = Label.INJECTION if row["label"] else Label.ORDINARY
            yield _row(row["text"], label, str(row.get("family", path.parent.name)).removeprefix("T:"), _MCP)


def _spikee_direct(path: Path) -> Iterator[LabelledText]:
    """Each wrapper with some of the instructions beside it, alone and in the documents beside it."""
    wrappers, instructions = list(_lines(path)), list(_lines(path.with_name("instructions.jsonl")))
    documents = [str(row["document"]) for row in _lines(path.with_name("base_user_inputs.jsonl"))]
    for number, wrapper in enumerate(wrappers):
        language = str(wrapper.get("lang", "en"))
        same = [row for row in instructions if str(row.get("lang", "en")) == language] or instructions
        order = str(same[number % len(same)]["instruction"])
        text = str(wrapper["text"]).replace("<INSTRUCTION>", order)
        for document in documents:
            place = "direct" if "PLACEHOLDER" in document else "document"
            whole = document.replace("<PLACEHOLDER>", text) if place == "direct" else f"{document}\n{text}"
            channel, label = (_USER, Label.JAILBREAK) if place == "direct" else (_MCP, Label.INJECTION)
            yield _row(whole, label, f"spikee-{place}-{'en' if language == 'en' else 'low-resource'}", channel)


def _cse_injection(path: Path) -> Iterator[LabelledText]:
    many = "-multilingual" if "multilingual" in path.name else ""
    for row in json.loads(path.read_text(encoding="utf-8")):
        kind = str(row["injection_type"])
        label, channel = (Label.INJECTION, _MCP) if kind == "indirect" else (Label.JAILBREAK, _USER)
        yield _row(row["user_input"], label, f"cyberseceval-{kind}{many}", channel)


def _cse_interpreter(path: Path) -> Iterator[LabelledText]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        yield _row(row["mutated_prompt"], Label.MISUSE, "cyberseceval-interpreter", tier=MisuseTier.PROHIBITED)


def _cse_benign(path: Path) -> Iterator[LabelledText]:
    many = "-multilingual" if "multilingual" in path.name else ""
    for row in json.loads(path.read_text(encoding="utf-8")):
        yield _row(row["mutated_prompt"], Label.ORDINARY, f"cyberseceval-frr{many}", tier=MisuseTier.BENIGN)


def _agent_injection_bench(path: Path) -> Iterator[LabelledText]:
    for row in _lines(path):
        if row["family"] in ("control", "baseline"):
            continue
        yield _row(row["injected"], Label.INJECTION, "agent-injection-bench", _FILE)


def _inspect(path: Path) -> Iterator[LabelledText]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        stores = [row[key] for key in ("inbox", "memory_store", "customer_db") if key in row]
        label = Label.ORDINARY if "clean" in row["attack_name"] else Label.INJECTION
        yield _row("\n".join(_texts(stores)), label, "agent-threat-bench", _MCP)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


READERS: Final[Mapping[str, Reader]] = {
    "prompt_armor_attacks/known_attacks.jsonl.gz": _prompt_armor,
    "prompt_armor_attacks/known_attacks_v2.jsonl": _prompt_armor,
    "prompt_armor_attacks/benign_exemplars.jsonl": _benign_exemplars,
    "s-labs/train.csv": _s_labs,
    "neuralchemy/core-train.parquet": _neuralchemy,
    "yanismiraoui/prompt_injections.csv": _yanis,
    "inthewild_jailbreak_llms.json": _in_the_wild,
    "jailbreak_templates.jsonl": _templates,
    "adv_bench.prompt": _values("advbench"),
    "malware.prompt": _values("pyrit-malware"),
    "harmbench_prompts.txt": _harmful_lines,
    "text_attack_train.json": _text_attacks,
    "swe_lancer_issues/issues.jsonl": _issues,
    "email/train.jsonl": _contexts,
    "cmd_atomic_red_team/commands.jsonl": lambda _: iter(()),
    "cmd_benign_ci_and_docs/commands.jsonl": lambda _: iter(()),
    "cmd_benign_tldr/commands.jsonl": lambda _: iter(()),
    "cmd_gtfobins/commands.jsonl": lambda _: iter(()),
    "cmd_lolbas/commands.jsonl": lambda _: iter(()),
    "agent_injection_bench/attacks.jsonl": _agent_injection_bench,
    "seeds-cybersec-2026-01/jailbreaks.jsonl": _spikee_direct,
    "cyberseceval/prompt_injection.json": _cse_injection,
    "prompt_injection_multilingual_machine_translated.json": _cse_injection,
    "cyberseceval/interpreter.json": _cse_interpreter,
    "mitre_frr.json": _cse_benign,
    "frr_multilingual_machine_translated.json": _cse_benign,
    "autonomy_hijack.json": _inspect,
    "data_exfil.json": _inspect,
    "memory_poison.json": _inspect,
    "agentdojo_text.jsonl": _labelled,
    ".rows.jsonl": _labelled,
}
"""Endings of paths, and who reads them; command sets are measured by their own benchmark."""
