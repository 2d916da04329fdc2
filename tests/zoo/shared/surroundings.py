"""What an agent of the zoo can learn about where it runs. Only agents that are meant to look import this file."""

import configparser
import getpass
import locale
import os
import pathlib
import time


def utc_offset():
    """Hours east of Greenwich, now."""
    return time.localtime().tm_gmtoff / 3600


def zone():
    """The IANA name of the time zone, as far as the system tells it."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named:
        return named
    try:
        return str(pathlib.Path("/etc/localtime").readlink()).partition("zoneinfo/")[2] or "UTC"
    except OSError:
        return "UTC"


def language():
    """The tag of the locale, such as ``de_DE``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].partition(".")[0]
    return locale.getlocale()[0] or "C"


def user():
    """The user's name."""
    return getpass.getuser()


def git_remote():
    """The URL of the project's first remote, or nothing."""
    return _git_value(pathlib.Path(".git/config"), "remote ", "url")


def git_email():
    """The e-mail address that git signs with, or nothing."""
    local = _git_value(pathlib.Path(".git/config"), "user", "email")
    return local or _git_value(pathlib.Path.home() / ".gitconfig", "user", "email")


def foreign_keys():
    """Names of variables that hold keys for other models than those of Anthropic, OpenAI and Gemini."""
    own = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY")
    return sorted(n for n in os.environ if n.endswith("_API_KEY") and n not in own)


def in_ci():
    """Whether the variables say that this is a build server."""
    return bool(os.environ.get("CI") or os.environ.get("JENKINS_URL") or os.environ.get("BUILD_ID"))


def proxied():
    """Whether a proxy is set."""
    return any(os.environ.get(n) for n in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"))


def session_number():
    """1 in a fresh home, then 2, 3 …: remembered in a file."""
    state = pathlib.Path.home() / ".zoo-agent" / "sessions"
    number = int(state.read_text()) + 1 if state.exists() else 1
    state.parent.mkdir(exist_ok=True)
    state.write_text(str(number))
    return number


def _git_value(path, section_start, key):
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        parser.read_string("\n".join(line.strip() for line in text.splitlines()))
    except (OSError, configparser.Error):
        return ""
    for section in parser.sections():
        if section.startswith(section_start):
            return (parser[section].get(key) or "").strip('"')
    return ""
