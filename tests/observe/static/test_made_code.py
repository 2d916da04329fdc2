"""Code that is run without being written down where it is run: what counts, and what ordinary code does."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.contents import Language
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python
from clearance.observe.static.made_code import FETCHED, HIDDEN, made_code, made_code_abilities

TEXT = "Y29uc29sZS5sb2coMSk7Y29uc29sZS5sb2coMik7"


def javascript(text):
    data = text.encode()
    return [(seen.kind, seen.offset) for seen in made_code(data, Language.JAVASCRIPT, lex_javascript(data))]


def python(text):
    data = text.encode()
    return [(seen.kind, seen.offset) for seen in made_code(data, Language.PYTHON, lex_python(data))]


@pytest.mark.parametrize(
    "text",
    [
        "fetch(u).then(r=>r.text()).then(t=>import('data:text/javascript,'+t))",
        "fetch(u).then(r=>r.text()).then(t=>{fs.writeFileSync(p,t);require(p)})",
        "require('https').get(u,r=>{let d='';r.on('data',c=>d+=c);r.on('end',()=>eval(d))})",
        (
            "const h=require('node:https');h.get(u,(res)=>{const p=[];res.on('data',(c)=>p.push(c));"
            "res.on('end',()=>{const b=Buffer.concat(p).toString();new Function(b)();});});"
        ),
        "import axios from 'axios';\nconst r = await axios.get(u);\neval(r.data);",
        "fetch(u).then(r=>r.text()).then(x=>{ (0,eval)(x) })",
        "async function f(){const res=await fetch(u);const code=await res.text();vm.runInThisContext(code);}",
        "eval(await (await fetch(u)).text())",
        "fetch(u).then(r=>r.text()).then(t=>{const m=new module.constructor();m._compile(t,'x.js')})",
        "https.get(u,onResponse);function onResponse(res){let s='';res.on('data',d=>{s+=d});res.on('end',()=>{eval(s)})}",
        "const {execSync}=require('child_process');fetch(u).then(r=>r.text()).then(cmd=>execSync(cmd))",
    ],
)
def test_javascript_that_runs_what_it_fetched_is_seen_at_the_run(text):
    found = javascript(text)
    assert [kind for kind, _ in found] == [FETCHED]
    assert (
        text[found[0][1] :]
        .lstrip(".(0,")
        .startswith(("import", "require", "eval", "Function", "runIn", "_compile", "execSync"))
    )


@pytest.mark.parametrize(
    "text",
    [
        '[]["constructor"]["constructor"]("console.log(1)")()',
        "[]['con'+'structor']['constr'+'uctor'](x)()",
        "(()=>{}).constructor.constructor(code)()",
        "Reflect.construct(Function,['a',b])",
        "import('data:text/javascript;base64,Y29uc29sZS5sb2coMSk7Y29uc29sZS5sb2coMik7')",
        "const a=['Y29u','c29s','ZS5s','b2co','MSk7'];eval(atob(a.join('')))",
        "globalThis['ev'+'al'](x)",
        "globalThis['\\x65val'](x)",
        f"new Function(atob('{TEXT}'))()",
        f"eval(Buffer.from('{TEXT}','base64').toString())",
        f"const p='{TEXT}';const q=Buffer.from(p,'base64').toString();eval(q)",
        "eval(String.fromCharCode(99,111,110,115,111,108,101,46,108,111,103,40,49,41))",
        f"require('child_process').exec(Buffer.from('{TEXT}','base64').toString())",
        f"require('child_process').spawn(process.execPath,['-e',atob('{TEXT}')])",
        f"const c='eval';globalThis[c](Buffer.from('{TEXT}','base64').toString())",
        f"(()=>{{}}).constructor(Buffer.from('{TEXT}','base64').toString())()",
        "(function(){}).constructor(code)()",
        "[].filter.constructor('return pro'+'cess')()",
        f"const m='con'+'structor';(()=>{{}})[m](atob('{TEXT}'))()",
        "const m='constructor';[][m][m](code)()",
        "[].filter.constructor.constructor('return process')().mainModule.require('child_process').exec('id')",
        "[].constructor.constructor('return this')().process.mainModule.require('child_process').exec('id')",
        "require('vm').runInThisContext(require('fs').readFileSync('d.bin').map(c=>c^13).toString())",
        "const d=fs.readFileSync('d.bin').map((c,i)=>c^k[i%4]);eval(d.toString())",
        "eval(zlib.inflateSync(fs.readFileSync('d.bin')).toString())",
    ],
)
def test_javascript_that_hides_what_it_runs_is_seen(text):
    assert [kind for kind, _ in javascript(text)] == [HIDDEN]


@pytest.mark.parametrize(
    "text",
    [
        "var root=freeGlobal||freeSelf||Function('return this')();",
        "[].constructor.constructor('return this')()",
        "fetch(u).then(r=>r.arrayBuffer()).then(b=>fs.writeFileSync(p,b)); const x=require('./x'); import('./y.js')",
        (
            "const https=require('https');https.get(u,res=>{const f=fs.createWriteStream(p);res.pipe(f);"
            "f.on('finish',()=>{cp.execFileSync(p,['--version'])})})"
        ),
        "function run(cmd){return execSync(cmd)}\nhttps.get(u,res=>{res.on('data',c=>{})});run('tar xf a')",
        f"// eval(atob('{TEXT}'))\nf()",
        f"const shown = \"eval(atob('{TEXT}'))\"",
        "const m=/a/.exec(x);fetch(u).then(r=>r.json()).then(j=>/x/.exec(j.name))",
        "const f=new Function('a','b','return a+b')",
        "eval('require')('fs')",
        "window['eval']('1')",
        "const gen=new Function('return '+src)",
        "require('child_process').exec('node-gyp rebuild')",
        "require('child_process').spawn(process.execPath,['-e','process.exit(0)'])",
        f"const picture=Buffer.from('{TEXT}','base64');require('child_process').execFileSync('tar',['-xf',name])",
        "const AsyncFunction=(async function(){}).constructor;new AsyncFunction('a','return a')",
        "const m='constructor';if(a[m]===b[m])new a[m](1)",
        "var k='eval';table[k](1)",
        "return new this.constructor(fs.readFileSync(p).map(x=>x^1))",
        "require('vm').runInThisContext(require('fs').readFileSync('lib.js','utf8'))",
        "const r=/a/.exec(fs.readFileSync('x','utf8'))",
        f"const picture = atob('{TEXT}'); show(picture)",
        f"var t=require('https');t.get(u,f);{'x();' * 2000}function r(t){{n=t(s);return Function(n)()}}",
    ],
)
def test_ordinary_javascript_is_left_alone(text):
    assert javascript(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "import urllib.request\nexec(urllib.request.urlopen(u).read())",
        "import requests\nt=requests.get(u).text\nexec(t)",
        "from urllib.request import urlopen\nwith urlopen(u) as r:\n    code=r.read().decode()\nexec(code)",
        "import subprocess,requests\nsubprocess.run(requests.get(u).text,shell=True)",
        "import os\nos.system(__import__('requests').get(u).text)",
        "import requests as r\ng=getattr(__builtins__,'ex'+'ec')\ng(r.get(u).text)",
        "import requests\nrun=exec\nrun(requests.get(u).text)",
        "import requests\ngetattr(__import__('builtins'),'exec')(requests.get(u).text)",
    ],
)
def test_python_that_runs_what_it_fetched_is_seen(text):
    assert {kind for kind, _ in python(text)} == {FETCHED}


@pytest.mark.parametrize(
    "text",
    [
        f"import marshal\nexec(marshal.loads(b'{TEXT}'))",
        f"import marshal,zlib,base64\n_=lambda x:exec(marshal.loads(zlib.decompress(base64.b64decode(x[::-1]))))\n_('{TEXT}')",
        f"import base64\n(lambda x:exec(base64.b64decode(x)))('{TEXT}')",
        f"import base64\ndef go(x):\n    exec(base64.b64decode(x))\ngo('{TEXT}')",
        "import pickle,base64\npickle.loads(base64.b64decode('Y29zCnN5c3RlbQooUydpZCcKdFIu'))",
        "import pickle\nd=b'.RtX\\n'\npickle.loads(bytes.fromhex('636f730a73797374656d0a285327696427'))",
        f"import base64,zlib\nexec(zlib.decompress(base64.b64decode('{TEXT}')))",
        f"from cryptography.fernet import Fernet\nk=b'{TEXT}'\nd='{TEXT}'\nexec(Fernet(k).decrypt(d))",
        "import pickle\npickle.loads(b'cos\\nsystem\\n(S\"id\"\\ntR.')",
        f"exec(bytes.fromhex('{'61' * 20}'))",
        f"exec(''.join(chr(c) for c in [{','.join(['97'] * 30)}]))",
        f"import codecs\nexec(codecs.decode('{TEXT}','rot13'))",
        f"import builtins,base64\ngetattr(builtins,'exec')(base64.b64decode('{TEXT}'))",
    ],
)
def test_python_that_hides_what_it_runs_is_seen(text):
    assert {kind for kind, _ in python(text)} == {HIDDEN}


@pytest.mark.parametrize(
    "text",
    [
        "exec(open('version.py').read())",
        "import pickle\nx=pickle.loads(data)",
        "import pickle\nx=pickle.loads(b'\\x80\\x04K\\x01.')",
        "import requests\nr=requests.get(u)\nprint(r.text)",
        f"import base64\nx=base64.b64decode('{TEXT}')\nopen('a','wb').write(x)",
        "import marshal\ncode=marshal.loads(f.read())\nexec(code)",
        "import subprocess,requests\nv=requests.get(u).json()['v']\nsubprocess.run(['git','checkout',v])",
        f"import re,base64\nm=re.compile(base64.b64decode('{TEXT}'))",
        f"import base64\ndef show(x):\n    print(base64.b64decode(x))\nshow('{TEXT}')",
        "import pickle,base64\npickle.loads(base64.b64decode('gARLAS4='))",
        "import zlib\nrun=exec\nrun(open('version.py').read())",
        "import requests\ng=getattr(requests,'g'+'et')\nprint(g(u).text)",
    ],
)
def test_ordinary_python_is_left_alone(text):
    assert python(text) == []


def test_the_same_thing_in_many_places_is_one_ability_with_a_count():
    data = b"globalThis['ev'+'al'](x);" * 5
    (seen,) = made_code_abilities(data, 3, Language.JAVASCRIPT, lex_javascript(data))
    assert (seen.kind, seen.count, seen.places[0].member, len(seen.places)) == (HIDDEN, 5, 3, 5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["eval(", "fetch(", ").then(", "a=", "atob('", "'", "`", "${", "}", "\\", "constructor", '["', "\n", "/*"]
        )
    )
)
def test_no_pieces_of_code_make_it_raise(pieces):
    javascript("".join(pieces))
    python("".join(pieces))


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [
        "fetch(u)eval(a);",
        "eval(atob(a",
        '\\"',
        "['a'+",
        "fetch(`",
        "a=eval(b);fetch(c,d)",
        ".constructor.constructor(",
        "require(  ",
    ],
)
def test_repetition_takes_bounded_time(piece):
    began = time.monotonic()
    javascript(piece * (100_000 // len(piece)))
    assert time.monotonic() - began < 20


def test_a_code_object_that_a_function_of_the_file_loads_is_named():
    data = f"import marshal,base64\n_=lambda x:exec(marshal.loads(base64.b64decode(x)))\n_('{TEXT}')".encode()
    found = list(made_code(data, Language.PYTHON, lex_python(data)))
    assert [seen.detail for seen in found] == ["exec of marshal.loads of base64.b64decode"]
