"""Recall of the secret judge on gitleaks' own test strings, false alarms on sources of real packages, and speed.

    python bench/secret_formats.py --gitleaks FILE [--strings FILE] [--sources FOLDER] [--detect-secrets PYTHON]

``gitleaks.toml`` is that project's rule file. Its tests make most strings by drawing from a rule's expression and
putting the value into two dozen lines of configuration and code (``GenerateSampleSecrets``); that is done here too, and
a string counts only if gitleaks' own expression and entropy take it. ``--strings`` holds the literal ones, one JSON
object a line: ``{"rule": …, "text": …, "secret": true}``. ``--sources`` is a folder with one unpacked package a folder.
``--detect-secrets`` is a Python that has detect-secrets installed, for the same rows.
"""

import argparse
import importlib
import json
import math
import random
import re
import resource
import subprocess
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from clearance.detect.patterns.hyper import HyperscanEngine
from clearance.detect.patterns.second import Re2Engine
from clearance.detect.secrets import SecretJudge, readers
from clearance.model.threat import SpanChannel

LINES = (
    '{i}Token="{s}"', '{i}Token = "{s}"', "{i}Token={s}", "{i}Token = {s}", '{{\n    "{i}_token": "{s}"\n}}',
    '\\{{\n    \\"{i}_token\\": \\"{s}\\"\n\\}}', "<{i}Token>{s}</{i}Token>", "<{i}Token>\n    {s}\n</{i}Token>",
    "{i}_token: {s}", "{i}_token: '{s}'", '{i}_token: "{s}"', "{i}_token: |\n  {s}", "{i}_token: >\n  {s}",
    'string {i}Token = "{s}";', 'var {i}Token string = "{s}"', '{i}Token := "{s}"', "{i}Token := `{s}`",
    'String {i}Token = "{s}";', 'var {i}Token = "{s}"', '${i}Token .= "{s}"', "{i}Token = '{s}'", "{i}Token,{s},",
    '  "{i}Token" => "{s}"', '{i}_TOKEN = "{s}"', '{i}_TOKEN := "{s}"', '{i}_TOKEN ::= "{s}"', '{i}_TOKEN :::= "{s}"',
    '{i}_TOKEN ?= "{s}"', '{i}_TOKEN += "{s}"',
)  # fmt: skip
_SEMI = re.compile(r"(?s)^(?:\(\?i\))?\[\\w\.-\]\{0,50\}\?\((?:\?:|\?i:)(.*?)\)\)?\(\?:\[ \\t\\w")
SKIPPED = ("curl-", "kubernetes-", "jwt-base64", "nuget-", "pkcs12", "hashicorp-tf-password", "generic-", "sidekiq-",
           "slack-",
           "private-key")  # fmt: skip
"""Rules whose strings gitleaks writes out, or that need a file's name; the former are in --strings."""
_DATA = frozenset(
    ".py .js .mjs .cjs .ts .tsx .jsx .json .md .txt .toml .yml .yaml .c .h .cfg .pyi .rst .html .css .sh .pyx .in .ini "
    ".cpp .map .lock".split()
)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--gitleaks", type=Path)
    ask.add_argument("--strings", type=Path)
    ask.add_argument("--sources", type=Path)
    ask.add_argument("--detect-secrets", type=Path)
    ask.add_argument("--hostile", action="store_true", help="10 MB of each of the worst beginnings")
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--missed", action="store_true", help="print every string that was missed, and every alarm")
    args = ask.parse_args()
    rows = [reader.row for reader in readers()]
    engines = {}
    for engine in (HyperscanEngine, Re2Engine):
        began = time.perf_counter()
        engines[engine.name] = SecretJudge(b"bench" * 4, engine=engine(rows))
        print(f"start-up {engine.name}: {time.perf_counter() - began:.3f} s, {len(rows)} rows")
    began = time.perf_counter()
    SecretJudge(b"bench" * 4, saved=engines["hyperscan"].engine.saved)
    print(f"start-up hyperscan, saved: {time.perf_counter() - began:.3f} s")
    strings = [*drawn(args.gitleaks, random.Random(args.seed))] if args.gitleaks else []
    if args.strings:
        strings += [(r["rule"], r["text"], r["secret"]) for r in map(json.loads, args.strings.read_text().splitlines())]
    for name, judge in engines.items():
        recall(name, strings, lambda text, judge=judge: bool(judge.find(text.encode())), missed=args.missed)
    if args.sources:
        for name, judge in engines.items():
            false_alarms(name, args.sources, judge, shown=args.missed and name == "hyperscan")
            in_windows(name, args.sources, judge)
    if args.hostile:
        hostile(engines["hyperscan"])
    if args.detect_secrets:
        peer(args.detect_secrets, strings, args.sources)


def drawn(path, chance):
    """Rule, text, True for every string that gitleaks' tests would draw and its rule takes."""
    for rule in tomllib.loads(path.read_text())["rules"]:
        expression = rule.get("regex")
        if not expression or rule["id"].startswith(SKIPPED):
            continue
        semi = _SEMI.match(expression)
        whole = plain(expression)
        idents = (
            [w for w in re.split(r"\|", re.sub(r"\[\\w\.-\]\{0,50\}\?|\(\?-?i?:|[()?]|\[_[^\]]*\]", "", semi[1])) if w]
            if semi
            else [rule["id"].partition("-")[0]]
        )
        idents = [re.sub(r"\[(.)[^\]]*\]", r"\1", ident) for ident in idents[:2]]
        group = secret_group(whole)
        for ident in dict.fromkeys(idents):
            for line in LINES:
                for _ in range(20):
                    text = line.format(i=ident, s=draw(group, chance))
                    found = re.search(whole, text, re.IGNORECASE if "(?i)" in expression else 0)
                    if found and bits(next((g for g in found.groups() if g), found[0])) >= rule.get("entropy", 0):
                        yield rule["id"], text, True
                        break


def plain(expression):
    """Go's syntax as Python reads it."""
    text = expression.replace("(?i)", "").replace("(?-i:", "(?:").replace("(?i:", "(?i:").replace(r"\z", r"\Z")
    return text.replace("[[:alnum:]]", "[A-Za-z0-9]").replace("(?s:.)", r"[\s\S]")


def secret_group(expression):
    """The part of an expression that is the secret: its first capturing group, else all of it."""
    parser = importlib.import_module("re._parser")
    tree = parser.parse(expression)
    for name, value in tree:
        if str(name) == "SUBPATTERN" and value[0] is not None:
            return value[3]
    branches = [v for n, v in tree if str(n) == "BRANCH"]
    if branches and len(tree) == 1:
        return next((v[3] for n, v in branches[0][1][0] if str(n) == "SUBPATTERN" and v[0] is not None), tree)
    return tree


def draw(tree, chance):
    """A text that an expression takes."""
    out = []
    for name, value in tree:
        match str(name):
            case "LITERAL":
                out.append(chr(value))
            case "IN":
                out.append(chance.choice(letters(value)))
            case "BRANCH":
                out.append(draw(chance.choice(value[1]), chance))
            case "SUBPATTERN":
                out.append(draw(value[3], chance))
            case "MAX_REPEAT" | "MIN_REPEAT":
                low, high, inner = value
                out += [draw(inner, chance) for _ in range(chance.randint(low, min(high, low + 10)))]
            case "ANY" | "NOT_LITERAL":
                out.append(chance.choice("abcdefgh0123"))
    return "".join(out)


def letters(items):
    found, negated = [], False
    for name, value in items:
        match str(name):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append(chr(value))
            case "RANGE":
                found += map(chr, range(value[0], value[1] + 1))
            case "CATEGORY":
                found += {"CATEGORY_DIGIT": "0123456789", "CATEGORY_SPACE": " "}.get(
                    str(value), "abcXYZ019_KLMnopqrsTUV"
                )
    return [c for c in map(chr, range(33, 127)) if c not in found] if negated else found


def bits(text):
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def recall(name, strings, found, *, missed=False):
    hits, total, quiet = defaultdict(int), defaultdict(int), []
    began = time.perf_counter()
    for rule, text, secret in strings:
        if found(text):
            hits[rule, secret] += 1
        elif secret:
            quiet.append((rule, text))
        total[rule, secret] += 1
    took = time.perf_counter() - began
    rules = [rule for rule, secret in total if secret]
    right, asked = (sum(d[r, True] for r in rules) for d in (hits, total))
    mean = sum(hits[r, True] / total[r, True] for r in rules) / max(len(rules), 1)
    loud, harmless = (sum(n for (_, secret), n in d.items() if not secret) for d in (hits, total))
    print(f"{name}: {right} of {asked} strings ({right / max(asked, 1):.2%}), by rule {mean:.2%} of {len(rules)}; "
          f"{loud} of {harmless} harmless strings told; {took:.2f} s")  # fmt: skip
    if missed:
        for rule in sorted(rules, key=lambda r: hits[r, True] / total[r, True]):
            if hits[rule, True] < total[rule, True]:
                first = next(t for r, t in quiet if r == rule)
                print(f"  {rule}: {hits[rule, True]} of {total[rule, True]}; {first[:150]!r}")
        for rule, text, secret in strings:
            if not secret and found(text):
                print(f"  told, harmless, {rule}: {text[:150]!r}")


def sources(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _DATA and path.stat().st_size <= 20_000_000:
            yield path


def false_alarms(name, folder, judge, *, shown):
    lines = size = alarms = 0
    took = 0.0
    for path in sources(folder):
        data = path.read_bytes()
        began = time.process_time()
        found = judge.find(data)
        took += time.process_time() - began
        lines, size, alarms = lines + data.count(b"\n") + 1, size + len(data), alarms + len(found)
        for secret in found if shown else ():
            line = data.count(b"\n", 0, secret.start) + 1
            around = data[max(0, secret.start - 40) : secret.end + 10][:160]
            print(f"  {path.relative_to(folder)}:{line} {secret.id} {around!r}")
    packages = len([p for p in folder.iterdir() if p.is_dir()])
    print(f"{name}: {told(alarms, lines, size, took)}, {packages} packages")


def in_windows(name, folder, judge, *, size=4000, most=4000):
    """CPU of a window of text, by kind of file: the least of three rounds."""
    for suffix in (".md", ".rst", ".txt", ".py", ".js", ".ts", ".json"):
        files = [path.read_bytes() for path in sources(folder) if path.suffix == suffix][:most]
        windows = [data[at : at + size] for data in files for at in range(0, len(data), size)][:most]
        rounds = []
        for _ in range(3 if windows else 0):
            began = time.process_time()
            for window in windows:
                judge.find(window)
            rounds.append((time.process_time() - began) / len(windows) * 1e3)
        if rounds:
            print(f"  {name} {suffix}: {min(rounds):.4f} ms of CPU for a window of {size} bytes ({len(windows)})")


def hostile(judge, *, size=10_000_000):
    pieces = ["password: a1B2c3D4 ", "kind: secret\n", "ops_eyJ", ".eyJ", "-----BEGIN PRIVATE KEY-----\n", "ghp_",
              'x "key": "9f8e7d6c5b4a39281706f5e4d3c2b1a0" ', "a://b:c1d2e3f4g5@h.i ", "ssn 123-45-6789 ", "4111 1111 ",
              "curl -H 'apikey: a1b2c3d4e5f6' ", "xoxp-1234567890", "sig=%2", "AQE", "t1.a", "SG."]  # fmt: skip
    for piece in pieces:
        text = piece.encode() * (size // len(piece))
        began = time.process_time()
        findings = judge.judge(text, SpanChannel.OUTBOUND_BODY)
        took, last = time.process_time() - began, type(findings[-1]).__name__
        print(f"  10 MB of {piece!r}: {took:.2f} s of CPU, ends in a {last}")
    print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def told(alarms, lines, size, took):
    rate, speed = alarms / max(lines, 1) * 1e5, took / max(size, 1) * 4e6
    return (
        f"{alarms} alarms in {lines:,} lines, {rate:.2f} in 100,000; {speed:.4f} ms of CPU for 4,000 bytes of {size:,}"
    )


_PEER = """
import json, sys, time
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
names = json.load(sys.stdin)
began = time.process_time()
with default_settings():
    out = []
    for name in names:
        found = SecretsCollection()
        found.scan_file(name)
        out.append(sum(1 for _ in found))
print(json.dumps([out, time.process_time() - began]))
"""


def peer(python, strings, folder):
    def scanned(names):
        answer = subprocess.run(
            [python, "-c", _PEER], input=json.dumps(names), capture_output=True, text=True, check=True
        )
        return json.loads(answer.stdout)

    with tempfile.TemporaryDirectory() as room:
        names = []
        for index, (_, text, _) in enumerate(strings):
            names.append(f"{room}/{index}.txt")
            Path(names[-1]).write_text(text + "\n")
        counts, took = scanned(names)
        by_text = {text: count for (_, text, _), count in zip(strings, counts, strict=True)}
        recall("detect-secrets", strings, lambda text: by_text[text] > 0)
        print(f"detect-secrets: {took:.2f} s in its own process")
    if folder:
        names = [str(path) for path in sources(folder)]
        counts, took = scanned(names)
        data = [Path(n).read_bytes() for n in names]
        lines, size = sum(d.count(b"\n") + 1 for d in data), sum(map(len, data))
        print(f"detect-secrets: {told(sum(counts), lines, size, took)}")


if __name__ == "__main__":
    main()
