"""What runs unasked is followed to the files of the release that it names, and no further."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.contents import Extension
from clearance.observe.static.starts import ReleaseFiles, started


def runs(files, extensions=()):
    held = {
        path: (text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode())
        for path, text in files.items()
    }
    found, unread = started(ReleaseFiles(held, held.__getitem__), extensions)
    assert unread == ()
    return found


def paths(files, extensions=()):
    return [(s.moment, s.path) for s in runs(files, extensions) if s.path != s.origin]


def package(**scripts):
    return {"name": "tool", "version": "1.0.0", "scripts": scripts}


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("node index.js", "index.js"),
        ("node ./scripts/fetch", "scripts/fetch.js"),
        ("node scripts\\fetch.js", "scripts/fetch.js"),
        ("sh ./setup.sh", "setup.sh"),
        ("bash -e setup.sh --quiet", "setup.sh"),
        ("python3 x.py", "x.py"),
        ("python -m build_it", "build_it.py"),
        ("./setup.sh", "setup.sh"),
        ("NODE_ENV=a cross-env B=c node -r ./hook.js -e 1", "hook.js"),
        ("sh -c 'node index.js'", "index.js"),
        ("exit 0 || (cd scripts && node fetch.js)", "scripts/fetch.js"),
        ("node -e \"require('./index')\"", "index.js"),
        ("npm run fin", "index.js"),
        ("npm run-script -s fin", "index.js"),
        ("yarn fin", "index.js"),
        ("run-s fin", "index.js"),
        (". ./setup.sh", "setup.sh"),
        ("cat setup.sh | sh", "setup.sh"),
        ("bash < setup.sh", "setup.sh"),
        ("bun run index.js", "index.js"),
        ("if [ -f index.js ]; then node index.js; fi", "index.js"),
        ('node "${npm_package_root}/index.js"', "index.js"),
    ],
)
def test_the_file_that_an_install_script_names_runs_at_installation(command, file):
    others = ("index.js", "scripts/fetch.js", "setup.sh", "x.py", "build_it.py", "hook.js")
    files = {f"package/{name}": "1" for name in others}
    files["package/package.json"] = package(postinstall=command, fin="node index.js")
    assert ("install", f"package/{file}") in paths(files)
    assert len(paths(files)) == 1


def test_files_are_followed_to_what_they_load_and_start():
    files = {
        "package/package.json": package(preinstall="node a.js && sh b.sh"),
        "package/a.js": "require('./lib/c'); cp.exec('python lib/d.py'); fork(path.join(__dirname, 'lib', 'e.js'))",
        "package/b.sh": '"$(dirname "$0")/lib/f.sh"\n. ./lib/g.sh',
        "package/lib/c.js": "import x from './h.mjs'",
        "package/lib/d.py": "from . import i\nimport j",
        **{f"package/lib/{name}": "1" for name in ("e.js", "f.sh", "g.sh", "h.mjs", "i.py", "j.py", "never.js")},
    }
    followed = {path.rpartition("/")[2] for _, path in paths(files)}
    assert followed == {"a.js", "b.sh", "c.js", "d.py", "e.js", "f.sh", "g.sh", "h.mjs", "i.py", "j.py"}
    deep = next(s for s in runs(files) if s.path == "package/lib/h.mjs")
    assert deep.via == ("package/a.js", "package/lib/c.js")


def test_no_name_leads_out_of_the_release_or_of_the_archive_around_it():
    files = {
        "a.tgz!/package/package.json": package(preinstall="node ../../x.js; node ../../../../x.js"),
        "x.js": "1",
        "a.tgz!/x.js": "1",
    }
    assert paths(files) == []


def test_files_that_name_each_other_end():
    files = {"p/package.json": package(install="node a.js"), "p/a.js": "require('./b')", "p/b.js": "require('./a')"}
    assert paths(files) == [("install", "p/a.js"), ("install", "p/b.js")]
    files = {"p/package.json": package(install="npm run a", a="npm run b", b="npm run a")}
    assert [s.text for s in runs(files)] == ["npm run a", "npm run b"]


def test_commands_of_a_binding_gyp_and_of_git_run():
    files = {
        "p/binding.gyp": "{'sources': ['<!(node tools/list.js)'], 'action': ['python', 'gen.py']}",
        "p/tools/list.js": "1",
        "p/gen.py": "1",
    }
    assert paths(files) == [("install", "p/tools/list.js"), ("install", "p/gen.py")]
    files = {
        "r/.git/config": '[core]\n\tfsmonitor = "./tools/watch.sh"\n\thooksPath = .hooks\n[alias]\n\tst = status\n\tup = !sh up.sh\n[filter "a"]\n\tclean = sh clean.sh %f\n',
        "r/.hooks/post-checkout": "#!/usr/bin/env node\n1",
        **{f"r/{name}": "1" for name in ("tools/watch.sh", "up.sh", "clean.sh")},
    }
    assert sorted(path for _, path in paths(files)) == [
        "r/.hooks/post-checkout",
        "r/clean.sh",
        "r/tools/watch.sh",
        "r/up.sh",
    ]
    assert {s.dialect for s in runs(files) if s.path.endswith("post-checkout")} == {"javascript"}


def test_what_a_repository_runs_says_when():
    files = dict.fromkeys(
        (
            "r/.husky/pre-commit",
            "r/.envrc",
            "r/Makefile",
            "r/build.rs",
            "r/conftest.py",
            "r/setup.py",
            "r/.git/hooks/post-merge",
        ),
        "1",
    )
    assert sorted(s.moment for s in runs(files)) == ["build", "build", "git", "git", "install", "shell", "test"]
    assert runs({"r/.git/hooks/post-merge.sample": "1", "r/lib/Makefile.am": "1"}) == ()


def test_a_build_backend_of_the_project_and_modules_of_attr_run_at_installation():
    files = {
        "p/pyproject.toml": '[build-system]\nbuild-backend = "own.api"\nbackend-path = ["tools"]\n',
        "p/tools/own/api.py": "1",
        "p/setup.cfg": "[metadata]\nversion = attr: pack.about.version\n",
        "p/src/pack/about.py": "1",
    }
    assert paths(files) == [("install", "p/tools/own/api.py"), ("install", "p/src/pack/about.py")]


def test_scripts_that_build_tools_and_runners_of_hooks_name_run_too():
    files = {
        "p/pyproject.toml": '[tool.poetry.build]\nscript = "tools/own.py"\n[tool.hatch.build.hooks.custom]\n',
        "p/.npmrc": "node-options=--require ./tools/a.js\n",
        "p/.pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: bash tools/b.sh\n",
        "p/package.json": {
            "name": "p",
            "simple-git-hooks": {"pre-push": "sh tools/c.sh"},
            "scripts": {"install": "make -C tools -f d.mk"},
        },
        **{
            f"p/{name}": "1"
            for name in ("tools/own.py", "hatch_build.py", "tools/a.js", "tools/b.sh", "tools/c.sh", "tools/d.mk")
        },
    }
    assert sorted(paths(files)) == [
        ("git", "p/tools/b.sh"),
        ("git", "p/tools/c.sh"),
        ("install", "p/hatch_build.py"),
        ("install", "p/tools/a.js"),
        ("install", "p/tools/d.mk"),
        ("install", "p/tools/own.py"),
    ]


def test_files_that_hooks_and_tasks_name_run_too():
    hook = Extension(
        kind="hook", name="Stop", path="r/.claude/settings.json", commands=('bash "$CLAUDE_PROJECT_DIR"/tools/x.sh',)
    )
    assert paths({"r/tools/x.sh": "1", "r/.claude/settings.json": "{}"}, [hook]) == [("hook", "r/tools/x.sh")]


def test_what_was_cut_is_said_and_still_looked_at_for_code_that_it_fetches():
    inside = "fetch(u).then(r=>r.text()).then(x=>eval(x));"
    files = {"p/package.json": package(install="node a.js"), "p/a.js": "f();\n" * 12_000 + inside + "f();\n" * 12_000}
    (file,) = (s for s in runs(files) if s.path == "p/a.js")
    assert file.left_out > 50_000
    assert inside not in file.text
    assert file.made_code == ("runs-fetched-code: eval of what fetch fetches",)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(
        ["package.json", "binding.gyp", "setup.cfg", "pyproject.toml", ".git/config", ".envrc", "Makefile", "a.pth"]
    ),
    st.binary(max_size=400),
    st.text(max_size=200),
)
def test_no_bytes_make_it_raise(name, data, script):
    runs({f"p/{name}": data, "p/a.js": data, "p/q/package.json": package(install=script)})


def test_a_folder_that_is_a_repository_without_its_name_makes_git_start_programs():
    bare = {
        "r/docs/x/config": "[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = sh run.sh\n\thooksPath = h\n",
        "r/docs/x/HEAD": "ref: refs/heads/main",
        "r/docs/x/refs/heads/main": "1",
        "r/docs/run.sh": "1",
        "r/docs/h/post-checkout": "1",
    }
    assert sorted(paths(bare)) == [("git", "r/docs/h/post-checkout"), ("git", "r/docs/run.sh")]
    top = {"config": "[core]\n\tsshCommand = sh x.sh\n", "HEAD": "ref: x", "objects/ab/c": "1", "x.sh": "1"}
    assert paths(top) == [("git", "x.sh")]


def test_a_config_beside_a_head_or_a_folder_of_objects_alone_is_none():
    text = "[core]\n\tfsmonitor = sh run.sh\n"
    assert paths({"r/config": text, "r/HEAD": "1", "r/run.sh": "1"}) == []
    assert paths({"r/config": text, "r/objects/a.js": "1", "r/run.sh": "1"}) == []
