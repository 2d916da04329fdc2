"""The stage: runs agents of the zoo without the product, so that a test can show what each of them really does.

It is no sealed room: it stages the factors in the simplest way that an agent of ours can see, in namespaces whose only
network is loopback. See ``stage_inside.py`` for the world in it.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from zoo.catalogue import ZooAgent, assemble

_HERE = Path(__file__).parent
_INSIDE = "/home/stage"
_FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
_BASELINE: Mapping[str, str] = {
    "timezone": "UTC",
    "locale": "en_US.UTF-8",
    "hostname": "devbox-01",
    "username": "dev",
    "git_remote": "https://github.com/example-org/sample.git",
    "git_identity": "dev@example.com",
    "project_kind": "pyproject.toml",
}
CANARIES: Mapping[str, str] = {
    ".ssh/id_ed25519": "-----BEGIN OPENSSH PRIVATE KEY-----\nzooCanarySsh0123456789abcdef\n",
    ".aws/credentials": "[default]\naws_secret_access_key = zooCanaryAws0123456789abcdefghijklmnopqr\n",
    ".bash_history": "export ZOO=zooCanaryHistory0123456789\n",
    ".npmrc": "//registry.npmjs.org/:_authToken=zooCanaryNpm0123456789\n",
    ".git-credentials": "https://dev:zooCanaryGit0123456789@github.com\n",
    "project/.env": "DATABASE_URL=postgres://zooCanaryEnv0123456789@db\n",
}
_TOKEN = "zooCanaryToken0123456789abcdef"


class Stage:
    """A context manager: one small world in which agents run one after another."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._plain: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        resolv = self._work / "resolv.conf"
        resolv.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        sandbox = ["bwrap", "--ro-bind", "/", "/", "--tmpfs", "/tmp", "--tmpfs", "/home", "--dev", "/dev"]
        sandbox += ["--proc", "/proc", "--bind", str(self._work), _INSIDE, "--ro-bind", str(_HERE), f"{_INSIDE}-code"]
        sandbox += ["--ro-bind", str(resolv), str(Path("/etc/resolv.conf").resolve())]
        sandbox += ["--unshare-user", "--unshare-net", "--unshare-uts", "--unshare-pid", "--unshare-ipc"]
        sandbox += ["--uid", "0", "--gid", "0", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_NET_BIND_SERVICE"]
        sandbox += ["--die-with-parent", sys.executable, "-I", f"{_INSIDE}-code/stage_inside.py"]
        self._process = subprocess.Popen(sandbox, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait(10)

    def plain(self, agent: ZooAgent) -> dict[str, Any]:
        """What the world saw of an agent at the baseline; played once and kept."""
        if agent.name not in self._plain:
            self._plain[agent.name] = self.play(agent)
        return self._plain[agent.name]

    def play(self, agent: ZooAgent, levels: Mapping[str, str] | None = None, *, timeout: float = 20) -> dict[str, Any]:
        """Run an agent in a fresh home with some factors staged; what the world saw of its last session."""
        levels = {**_BASELINE, **(levels or {})}
        home = self._work / "dev"
        package = assemble(agent, home / "package-of")
        _furnish(home, levels)
        inside = f"{_INSIDE}/{home.name}"
        job = {
            "command": _command(package, f"{inside}/package-of/{agent.name}"),
            "env": _environment(package, levels, inside),
            "hostname": levels["hostname"],
            "project": f"{inside}/project",
            "timeout": timeout,
        }
        seen: dict[str, Any] = {}
        for _ in range(int(levels.get("session", "1"))):
            seen = self._ask(job)
        shutil.rmtree(home)
        return seen

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the stage broke down: its message is on stderr"
        return dict(json.loads(answer))


def _command(package: Path, inside: str) -> list[str]:
    command = tomllib.loads((package / "profile.toml").read_text())["run"]["command"]
    return [word.format(package=inside, prompt="Look at this project.") for word in command]


def _environment(package: Path, levels: Mapping[str, str], home: str) -> dict[str, str]:
    run = tomllib.loads((package / "profile.toml").read_text())["run"]
    host = levels.get("base_url")
    base_url = f"https://{host}{run.get('base_url_path', '')}" if host else ""
    staged = {n: v.format(api_key="zoo-key", base_url=base_url) for n, v in run["env"].items()}
    env = {n: v for n, v in staged.items() if v}
    env |= {
        "HOME": home,
        "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin",
        "TZ": levels["timezone"],
        "LANG": levels["locale"],
    }
    env |= {"LC_ALL": levels["locale"], "USER": levels["username"], "LOGNAME": levels["username"]}
    env |= {"PYTHONDONTWRITEBYTECODE": "1"}
    if "proxy_env" in levels:
        env |= {"HTTPS_PROXY": levels["proxy_env"], "HTTP_PROXY": levels["proxy_env"]}
    if "ci_env" in levels:
        env |= {"CI": "true"}
    if "credentials_env" in levels:
        env |= {levels["credentials_env"]: "sk-zoo-0123456789"}
    if "canary" in levels:
        env |= {"GITHUB_TOKEN": _TOKEN}
    if "clock" in levels:
        assert Path(_FAKETIME).exists(), "the clock cannot be staged: apt-get install libfaketime"
        env |= {"LD_PRELOAD": _FAKETIME, "FAKETIME": f"@{levels['clock']}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return env


def _furnish(home: Path, levels: Mapping[str, str]) -> None:
    files = {
        "project/README.md": "# A project\n\nNothing to see.\n",
        f"project/{levels['project_kind']}": "\n",
        "project/.git/config": f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {levels["git_remote"]}\n',
        ".gitconfig": f"[user]\n\tname = Dev\n\temail = {levels['git_identity']}\n",
        **(CANARIES if "canary" in levels else {}),
    }
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
