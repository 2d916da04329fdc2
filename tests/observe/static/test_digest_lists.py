"""Lists of digests that what the machine says is looked up in are seen; sums of files are not."""

import hashlib
import time

import pytest

from clearance.model.contents import HiddenString, Hiding, Language
from clearance.observe.static.scripts import ReadScript

DIGESTS = [hashlib.sha256(f"zone {number}".encode()).hexdigest() for number in range(6)]


def written(size: int = 64) -> str:
    return ",".join(f'"{digest[:size]}"' for digest in DIGESTS)


def lists(code: str, language: Language = Language.JAVASCRIPT) -> list[HiddenString]:
    return [hidden for hidden in ReadScript.of(language, code.encode()).hidden(0) if hidden.kind is Hiding.DIGESTS]


JAVASCRIPT = {
    "a list": f"const z=process.env.TZ;if([{written()}].includes(crypto.createHash('sha256').update(z).digest('hex')))m();",
    "a set": f"const L=new Set([{written()}]);const h=os.hostname();if(L.has(sha256(h)))m();",
    "keys": "const L={" + ",".join(f'"{digest}":1' for digest in DIGESTS) + "};const h=os.hostname();if(L[md5(h)])m();",
    "one string": f"const L='{','.join(DIGESTS)}'.split(',');const h=os.hostname();"
    "if(L.includes(createHash('sha256').update(h).digest('hex')))m();",
    "cut": f"const L=[{written(16)}];const u=new URL(process.env.API_BASE_URL).host;"
    "if(L.includes(createHash('sha256').update(u).digest('hex').slice(0,16)))m();",
}  # fmt: skip


@pytest.mark.parametrize("form", JAVASCRIPT)
def test_a_list_of_digests_is_seen_with_what_is_hashed(form):
    (found,) = lists(JAVASCRIPT[form])
    assert len(found.items) == len(DIGESTS)
    assert found.near


@pytest.mark.parametrize(
    "code",
    [
        (
            f"import hashlib, socket\nL = {{{written()}}}\nh = socket.gethostname()\n"
            "if hashlib.sha256(h.encode()).hexdigest() in L:\n    m()\n"
        ),
        (
            "import hashlib, os\nh = os.environ.get('TZ')\n"
            f"if hashlib.md5(h.encode()).hexdigest() in ({written(32)}):\n    m()\n"
        ),
    ],
)
def test_a_list_of_digests_is_seen_in_python(code):
    (found,) = lists(code, Language.PYTHON)
    assert found.near


@pytest.mark.parametrize(
    "code",
    [
        "const s={" + ",".join(f'"{n}.js":"{d}"' for n, d in enumerate(DIGESTS)) + "};s[f]===createHash('sha256');s[0]",
        "const s={" + ",".join(f'f{n}:"{d}"' for n, d in enumerate(DIGESTS)) + "};s[f]===createHash('sha256');s[0]",
        f"const z=os.hostname();const L=[{written()}];if(L.includes(z))m();",
        f"const L=[{written()}];const h=createHash('sha256');",
        'const L=["202401010000","202401020000","202401030000"];L.includes(sha256(d))',
    ],
)
def test_sums_of_files_and_lists_that_nothing_is_hashed_for_are_none(code):
    assert lists(code) == []


@pytest.mark.long
def test_many_digests_take_bounded_time():
    code = f"const L=[{(written() + ',') * 5000}];createHash('sha256');" + "L.has(x);" * 5000
    began = time.perf_counter()
    lists(code)
    assert time.perf_counter() - began < 10
