"""Acquiring: what a registry publishes arrives checked and laid out; what it does wrong is one clear sentence."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from clearance.intake import wheels
from clearance.intake.acquire import acquire, known_versions, variant_of
from clearance.intake.errors import (
    CacheUnusable,
    CorruptArchive,
    IntakeError,
    IntegrityMismatch,
    MissingClient,
    OfflineMiss,
    ProfileError,
    RegistryUnreachable,
    SourceMissing,
    UnknownPackage,
    UnknownVersion,
    WrongPlatform,
)
from clearance.intake.machine import this_machine
from clearance.intake.profiles import find_profile
from clearance.intake.python import Wheel
from clearance.intake.unpack.door import Limits
from clearance.model.profile import Profile, Source, Variant
from clearance.model.release import SourceType

pytestmark = pytest.mark.enable_socket

AGENT = "@maker/agent"


@pytest.fixture
def npm_archive(archives):
    return archives[0]


@pytest.fixture
def published(registry, npm_archive):
    """One release as the big vendors publish them: a stub, platform packages, a firm dependency."""
    here = this_machine()
    registry.publish(f"{AGENT}-{here.platform}", "1.2.0", npm_archive({"agent": b"\x7fELF native"}, modes={"agent": 0o755}), os=["linux"], cpu=[here.cpu], libc=[here.libc])  # fmt: skip
    registry.publish("left", "2.1.0", npm_archive({"index.js": "2.1"}))
    registry.publish("left", "3.0.0", npm_archive({"index.js": "3"}))
    registry.publish(
        AGENT,
        "1.2.0",
        npm_archive({"cli.js": "#!/usr/bin/env node\n", "vendor/rg": "#!"}),
        bin={"agent": "cli.js"},
        scripts={"postinstall": "node install.js", "test": "no"},
        dependencies={"left": "^2.0.0"},
        optionalDependencies={
            f"{AGENT}-{here.platform}": "1.2.0",
            f"{AGENT}-darwin-arm64": "1.2.0",
            f"{AGENT}-win32-x64": "1.2.0",
        },
        _npmUser={"name": "maker"},
    )
    return registry


def refused(error: type[IntakeError], *words: str):
    """The error is raised, is one sentence that holds the words, and brings advice."""

    class Check:
        def __enter__(self):
            self.inner = pytest.raises(error)
            self.caught = self.inner.__enter__()
            return self.caught

        def __exit__(self, *exc):
            done = self.inner.__exit__(*exc)
            text = f"{self.caught.value} {self.caught.value.advice}"
            assert all(word in text for word in words), text
            assert self.caught.value.advice.endswith((".", "…"))
            return done

    return Check()


def test_a_release_arrives_with_its_platform_package_and_dependencies_beside_it(published, npm_profile, tmp_path):
    got = acquire(npm_profile(executable=("vendor/*",)), None, cache=tmp_path)
    here = this_machine().platform
    assert [entry.path for entry in got.files] == [
        f"node_modules/{AGENT}-{here}/agent",
        f"node_modules/{AGENT}/cli.js",
        f"node_modules/{AGENT}/vendor/rg",
        "node_modules/left/index.js",
    ]
    assert (got.root / "node_modules/left/index.js").read_text() == "2.1"
    assert got.package == f"node_modules/{AGENT}"
    assert (got.release.version, got.release.platform) == ("1.2.0", here)
    assert got.release.install_scripts == ("postinstall: node install.js",)
    assert got.release.artifacts[0].publisher == "maker"
    assert got.release.artifacts[0].published == "2026-01-02T03:04:05Z"
    assert len(got.release.artifacts) == 3
    assert got.downloaded_bytes > 0
    for program in ("agent", "cli.js", "vendor/rg"):
        (path,) = got.root.glob(f"node_modules/@maker/*/{program}")
        assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_builds_for_other_systems_are_not_even_asked_for(published, npm_profile, tmp_path):
    acquire(npm_profile(), None, cache=tmp_path)
    assert not [path for path in published.asked if "darwin" in path or "win32" in path]


def test_the_same_release_again_asks_nobody(published, npm_profile, tmp_path):
    first = acquire(npm_profile(), "1.2.0", cache=tmp_path)
    published.asked.clear()
    again = acquire(npm_profile(), "1.2.0", cache=tmp_path)
    assert published.asked == []
    assert (again.release, again.root, again.downloaded_bytes) == (first.release, first.root, 0)


def test_latest_is_asked_anew_unless_offline_or_young(published, npm_profile, tmp_path):
    acquire(npm_profile(), None, cache=tmp_path)
    published.publish(AGENT, "1.3.0")
    now = (tmp_path / "index").stat().st_mtime
    assert acquire(npm_profile(), None, cache=tmp_path, offline=True).release.version == "1.2.0"
    young = acquire(npm_profile(), None, cache=tmp_path, max_age_s=60, clock=lambda: now + 30)
    assert young.release.version == "1.2.0"
    old = acquire(npm_profile(), None, cache=tmp_path, max_age_s=60, clock=lambda: now + 900)
    assert old.release.version == "1.3.0"
    published.publish(AGENT, "1.4.0")
    assert acquire(npm_profile(), None, cache=tmp_path).release.version == "1.4.0"


def test_the_alias_form_brings_another_version_of_the_same_package(registry, npm_profile, npm_archive, tmp_path):
    here = this_machine()
    build = f"1.0.0-{here.platform}"
    registry.publish("agent", build, npm_archive({"vendor/agent": "native"}), os=["linux"], cpu=[here.cpu])
    registry.publish("agent", "1.0.0", optionalDependencies={f"agent-{here.platform}": f"npm:agent@{build}"})
    got = acquire(npm_profile("agent"), "1.0.0", cache=tmp_path)
    assert (got.root / f"node_modules/agent-{here.platform}/vendor/agent").read_text() == "native"


def test_a_dependency_in_two_versions_lies_in_two_places(registry, npm_profile, npm_archive, tmp_path):
    for version in ("1.0.0", "2.0.0"):
        registry.publish("low", version, npm_archive({"v": version}))
    registry.publish("mid", "1.0.0", npm_archive({"m": ""}), dependencies={"low": "1"})
    registry.publish("loop", "1.0.0", npm_archive({"m": ""}), dependencies={"agent": "*", "mid": "1"})
    registry.publish("agent", "1.0.0", dependencies={"low": "2", "mid": "*", "loop": "1"})
    got = acquire(npm_profile("agent"), None, cache=tmp_path)
    assert (got.root / "node_modules/low/v").read_text() == "2.0.0"
    assert (got.root / "node_modules/mid/node_modules/low/v").read_text() == "1.0.0"
    assert len(got.release.artifacts) == 5


def test_a_platform_package_told_apart_by_its_fields_alone(registry, npm_profile, tmp_path):
    registry.publish("fast", "1.0.0", os=["sunos"])
    registry.publish("slow", "1.0.0", os="linux", libc=["musl" if this_machine().libc == "glibc" else "glibc"])
    registry.publish("agent", "1.0.0", optionalDependencies={"fast": "1.0.0", "slow": "1.0.0", "gone": "1.0.0"})
    got = acquire(npm_profile("agent"), None, cache=tmp_path)
    assert [artifact.name for artifact in got.release.artifacts] == ["agent"]
    assert [(problem.kind, problem.path) for problem in got.release.problems] == [("optional-missing", "gone")]


def test_a_dependency_from_git_is_a_problem_and_not_fetched(registry, npm_profile, tmp_path):
    registry.publish("agent", "1.0.0", dependencies={"a": "git+ssh://git@host/a.git", "b": "maker/b", "c": "file:../c"})
    got = acquire(npm_profile("agent"), None, cache=tmp_path)
    assert [problem.kind for problem in got.release.problems] == ["not-in-registry"] * 3


def test_a_release_for_another_system_is_refused(registry, npm_profile, tmp_path):
    registry.publish("agent", "1.0.0", os=["win32"])
    with refused(WrongPlatform, "agent 1.0.0", "win32"):
        acquire(npm_profile("agent"), None, cache=tmp_path)


def test_an_unknown_version_names_near_ones(published, npm_profile, tmp_path):
    with refused(UnknownVersion, AGENT, "1.2.9", "1.2.0", "latest"):
        acquire(npm_profile(), "1.2.9", cache=tmp_path)


@pytest.mark.parametrize("name", ["nobody", "../../etc", "a b", "@x/../y", "x" * 300])
def test_an_unknown_or_impossible_package_is_named(registry, npm_profile, tmp_path, name):
    with refused(UnknownPackage, name[:20]):
        acquire(npm_profile(name), None, cache=tmp_path)


def test_other_bytes_than_published_are_refused_and_not_kept(published, npm_profile, npm_archive, tmp_path):
    published.answers[f"/{AGENT}/-/agent-1.2.0.tgz"] = (200, npm_archive({"cli.js": "evil"}))
    with refused(IntegrityMismatch, f"{AGENT} 1.2.0", "sha512"):
        acquire(npm_profile(), None, cache=tmp_path)
    assert list((tmp_path / "trees").iterdir()) == []
    assert not [
        blob for blob in (tmp_path / "blobs").rglob("*") if b"evil" in (blob.read_bytes() if blob.is_file() else b"")
    ]


def test_a_release_without_any_digest_is_refused(registry, npm_profile, tmp_path):
    registry.publish("agent", "1.0.0", dist={"integrity": ""})
    with refused(IntegrityMismatch, "no digest"):
        acquire(npm_profile("agent"), None, cache=tmp_path)


def test_an_old_release_is_checked_by_its_shasum(registry, npm_profile, npm_archive, tmp_path):
    import hashlib

    data = npm_archive({"cli.js": ""})
    registry.publish("agent", "1.0.0", data, dist={"integrity": "", "shasum": hashlib.sha1(data).hexdigest()})
    assert acquire(npm_profile("agent"), None, cache=tmp_path).release.artifacts[0].integrity.startswith("sha1:")
    registry.publish("agent", "1.0.1", data, dist={"integrity": "", "shasum": "0" * 40})
    with refused(IntegrityMismatch, "sha1"):
        acquire(npm_profile("agent"), "1.0.1", cache=tmp_path)


def test_a_published_archive_that_is_corrupt_is_named(registry, npm_profile, npm_archive, tmp_path):
    registry.publish("agent", "1.0.0", npm_archive({"cli.js": os.urandom(4000)})[:-300])
    with refused(CorruptArchive, "node_modules/agent", "corrupt"):
        acquire(npm_profile("agent"), None, cache=tmp_path)
    registry.publish("agent", "1.0.1", b"<html>not found</html>")
    with refused(CorruptArchive, "neither a tar"):
        acquire(npm_profile("agent"), "1.0.1", cache=tmp_path)


def test_a_registry_that_is_down_is_said_so(npm_profile, tmp_path, monkeypatch):
    monkeypatch.setenv("CLEARANCE_NPM_REGISTRY", "http://127.0.0.1:9")
    with refused(RegistryUnreachable, AGENT, "network"):
        acquire(npm_profile(), None, cache=tmp_path)


@pytest.mark.parametrize("answer", [(500, b""), (200, b"<html>log in</html>"), (200, b'{"name": 3}'), (403, b"no")])
def test_a_registry_that_talks_nonsense_is_said_so(registry, npm_profile, tmp_path, answer):
    registry.answers["/agent"] = answer
    with refused(RegistryUnreachable, "agent"):
        acquire(npm_profile("agent"), None, cache=tmp_path)


def test_a_listed_archive_that_is_gone_is_said_so(registry, npm_profile, tmp_path):
    registry.publish("agent", "1.0.0")
    del registry.answers["/agent/-/agent-1.0.0.tgz"]
    with refused(RegistryUnreachable, "agent 1.0.0", "withdrawn"):
        acquire(npm_profile("agent"), None, cache=tmp_path)


def test_a_transfer_that_breaks_off_goes_on_where_it_broke(registry, npm_profile, npm_archive, tmp_path):
    registry.publish("agent", "1.0.0", npm_archive({"cli.js": os.urandom(200_000)}))
    registry.break_after["/agent/-/agent-1.0.0.tgz"] = 50_000
    seen: list[tuple[str, int, int | None]] = []
    acquire(npm_profile("agent"), None, cache=tmp_path, progress=lambda *step: seen.append(step))
    assert registry.asked.count("/agent/-/agent-1.0.0.tgz") == 2
    size = len(registry.answers["/agent/-/agent-1.0.0.tgz"][1])
    assert seen[-1] == ("agent 1.0.0", size, size)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_offline_without_a_cache_says_what_is_missing(registry, npm_profile, tmp_path):
    with refused(OfflineMiss, "--offline"):
        acquire(npm_profile(), None, cache=tmp_path, offline=True)
    assert registry.asked == []


def test_known_versions_are_in_order_of_versions_not_of_letters(registry, npm_profile, tmp_path):
    for version in ("1.10.0", "1.9.0", "1.10.0-beta.1"):
        registry.publish("agent", version)
    assert known_versions(npm_profile("agent"), cache=tmp_path) == ("1.9.0", "1.10.0-beta.1", "1.10.0")
    assert known_versions(npm_profile("agent"), cache=tmp_path, offline=True)[-1] == "1.10.0"


def test_a_damaged_tree_is_built_again_from_the_cache(published, npm_profile, tmp_path):
    got = acquire(npm_profile(), "1.2.0", cache=tmp_path)
    victim = got.root / "node_modules/left/index.js"
    victim.write_text("9.9")
    published.asked.clear()
    again = acquire(npm_profile(), "1.2.0", cache=tmp_path)
    assert (again.root / "node_modules/left/index.js").read_text() == "2.1"
    victim.unlink()
    assert (acquire(npm_profile(), "1.2.0", cache=tmp_path).root / "node_modules/left/index.js").read_text() == "2.1"
    assert published.asked == []


def test_a_damaged_blob_is_noticed_and_fetched_again(published, npm_profile, tmp_path):
    got = acquire(npm_profile(), "1.2.0", cache=tmp_path)
    for blob in (tmp_path / "blobs").rglob("*"):
        if blob.is_file():
            blob.write_bytes(b"x" * blob.stat().st_size)
    (got.root / "node_modules/left/index.js").unlink()
    published.asked.clear()
    assert (acquire(npm_profile(), "1.2.0", cache=tmp_path).root / "node_modules/left/index.js").read_text() == "2.1"
    assert len(published.asked) == 3


def test_everything_can_be_read_by_another_user(published, npm_profile, tmp_path):
    old = os.umask(0o077)
    try:
        got = acquire(npm_profile(), None, cache=tmp_path / "deep" / "cache")
    finally:
        os.umask(old)
    for path in (tmp_path / "deep", *(tmp_path / "deep").rglob("*")):
        wanted = 0o755 if path.is_dir() else 0o444
        if "tmp" not in path.parts[-2:]:
            assert path.stat().st_mode & wanted == wanted, path
    assert got.root.is_relative_to(tmp_path)


def test_two_at_once_end_with_one_whole_tree(published, npm_profile, tmp_path):
    results, errors = [], []

    def one() -> None:
        try:
            results.append(acquire(npm_profile(), "1.2.0", cache=tmp_path))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert {result.root for result in results} == {results[0].root}
    assert len(list((tmp_path / "trees").iterdir())) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_kill_in_the_middle_leaves_nothing_that_counts_and_is_swept(tmp_path, path_profile):
    folder = tmp_path / "big"
    folder.mkdir()
    (folder / "agent.py").write_text("pass")
    code = (
        "import os, signal, sys; from pathlib import Path; from clearance.intake.cache import Cache\n"
        "def build(root):\n (root / 'half').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "Cache(Path(sys.argv[1])).keep_tree(lambda m: 'key', build)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "cache")], check=False, timeout=60)
    assert killed.returncode == -9
    assert len(list((tmp_path / "cache/tmp").iterdir())) == 2
    assert list((tmp_path / "cache/trees").iterdir()) == []
    acquire(path_profile, None, cache=tmp_path / "cache", path=folder)
    assert list((tmp_path / "cache/tmp").iterdir()) == []


def test_a_folder_is_a_release_with_a_digest_of_its_content(tmp_path, path_profile):
    folder = tmp_path / "some-agent"
    (folder / "lib").mkdir(parents=True)
    (folder / "agent.py").write_text("print(1)")
    (folder / "out").symlink_to("/etc/passwd")
    got = acquire(path_profile, None, cache=tmp_path / "cache", path=folder)
    assert (got.root / got.package / "agent.py").read_text() == "print(1)"
    assert (got.root / got.package / "lib").is_dir()
    assert got.release.version == f"0+{got.release.sha256[:12]}"
    assert [problem.kind for problem in got.release.problems] == ["link-outside"]
    assert (got.release.platform, got.runtime, got.downloaded_bytes) == ("any", None, 0)
    same = acquire(path_profile, None, cache=tmp_path / "cache", path=folder)
    assert (same.root, same.release) == (got.root, got.release)
    (folder / "agent.py").write_text("print(2)")
    assert acquire(path_profile, None, cache=tmp_path / "cache", path=folder).release.sha256 != got.release.sha256


def test_a_local_archive_is_a_release_and_its_one_folder_the_package(tmp_path, path_profile, npm_archive):
    manifest = {"name": "mine", "version": "4.5.6", "scripts": {"install": "make"}, "dependencies": {"left": "1"}}
    (tmp_path / "a.tgz").write_bytes(npm_archive({"package.json": json.dumps(manifest), "agent.py": "x"}))
    got = acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "a.tgz")
    assert (got.root / got.package / "agent.py").read_text() == "x"
    assert (got.release.version, got.release.install_scripts) == ("4.5.6", ("install: make",))
    assert [problem.kind for problem in got.release.problems] == ["dependencies-missing"]


def test_a_hostile_local_archive_is_taken_in_with_its_problems(tmp_path, path_profile, raw_tar):
    archive = raw_tar().add(b"../../evil", b"1").add(b"agent.py", b"ok").write(tmp_path / "a.tar", compress=False)
    got = acquire(path_profile, "1", cache=tmp_path / "cache", path=archive)
    assert [problem.kind for problem in got.release.problems] == ["path-traversal"]
    assert not list(tmp_path.rglob("evil"))


def test_limits_are_the_callers(tmp_path, path_profile):
    (tmp_path / "f").mkdir()
    for number in range(9):
        (tmp_path / "f" / str(number)).write_text("x")
    got = acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "f", limits=Limits(entries=5))
    assert [problem.kind for problem in got.release.problems] == ["too-many-files"]


def test_a_path_that_is_nothing_or_no_archive_is_said_so(tmp_path, path_profile, npm_profile):
    with refused(SourceMissing, "nowhere"):
        acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "nowhere")
    with refused(SourceMissing, "some-agent"):
        acquire(path_profile, None, cache=tmp_path / "cache")
    (tmp_path / "text").write_text("hello")
    with refused(CorruptArchive, "text", ".tgz"):
        acquire(npm_profile(), None, cache=tmp_path / "cache", path=tmp_path / "text")


def test_a_file_that_is_only_looked_into_is_a_tree_of_its_own(tmp_path, path_profile):
    (tmp_path / "text").write_text("hello")
    got = acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "text")
    assert [(f.path, f.size) for f in got.files] == [("package/text", 5)]
    assert acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "text").root == got.root


def test_an_empty_file_and_one_larger_than_is_read_are_refused_at_once(tmp_path, path_profile):
    (tmp_path / "nothing").write_bytes(b"")
    with refused(CorruptArchive, "empty"):
        acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "nothing")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(10 << 30)
    with refused(CorruptArchive, "10,737,418,240"):
        acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "sparse")


def test_a_cache_that_is_a_file_or_full_is_said_so(tmp_path, path_profile, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "a").mkdir()
    with refused(CacheUnusable, "file"):
        acquire(path_profile, None, cache=tmp_path / "file", path=tmp_path / "a")
    (tmp_path / "a" / "big").write_bytes(b"x" * 5000)
    full = Path("/dev/full")
    if full.exists():
        real = os.open
        monkeypatch.setattr(os, "open", lambda p, f, *a, **k: real("/dev/full", os.O_WRONLY) if str(p).endswith("/big") and f & os.O_CREAT else real(p, f, *a, **k))  # fmt: skip
        with refused(CacheUnusable, "no space"):
            acquire(path_profile, None, cache=tmp_path / "cache", path=tmp_path / "a")


def test_the_runtime_is_the_newest_that_fits_and_then_pinned(registry, npm_profile, npm_archive, tmp_path):
    name = f"node-linux-{this_machine().cpu}"
    for version in ("22.9.0", "22.10.0", "23.0.0"):
        registry.publish(name, version, npm_archive({"bin/node": version}, modes={"bin/node": 0o755}))
    registry.publish("agent", "1.0.0")
    first = acquire(npm_profile("agent", runtime="node@22"), None, cache=tmp_path)
    assert first.runtime is not None
    assert first.runtime.read_text() == "22.10.0"
    registry.publish(name, "22.11.0", npm_archive({"bin/node": "newer"}))
    again = acquire(npm_profile("agent", runtime="node@22"), None, cache=tmp_path)
    assert again.runtime == first.runtime
    with refused(ProfileError, "deno@1"):
        acquire(npm_profile("agent", runtime="deno@1"), None, cache=tmp_path)


def test_the_variant_is_chosen_by_the_file_that_is_there(published, npm_profile, tmp_path):
    native = Variant(when_file=f"../agent-{this_machine().platform}/agent", command=("x",))
    profile = npm_profile(runtime="node@22", variants=(Variant(when_file="none", command=("y",)), native))
    got = acquire(profile, None, cache=tmp_path)
    assert got.runtime is None
    assert profile.run is not None
    assert variant_of(profile.run, got.root / got.package) == native


def test_a_wheel_arrives_in_site_packages(registry, tmp_path):
    registry.publish_wheel("agent", "1.0", {"agent/__main__.py": "print(1)", "agent-1.0.dist-info/METADATA": "x"})
    profile = Profile(id="agent", title="A", source=Source(type=SourceType.PYPI, name="agent"), gap="x")
    got = acquire(profile, None, cache=tmp_path)
    assert got.package == "site-packages"
    assert (got.root / got.package / "agent/__main__.py").is_file()
    assert (got.release.version, got.release.platform) == ("1.0", "any")
    assert got.release.artifacts[0].integrity.startswith("sha256:")
    assert got.runtime is not None
    assert got.runtime.exists()
    registry.asked.clear()
    assert acquire(profile, "1.0", cache=tmp_path).release == got.release
    assert registry.asked == []
    assert known_versions(profile, cache=tmp_path) == ("1.0",)
    with refused(UnknownVersion, "1.1", "1.0"):
        acquire(profile, "1.1", cache=tmp_path)
    with refused(UnknownPackage, "absent"):
        acquire(
            msgspec.structs.replace(profile, source=Source(type=SourceType.PYPI, name="absent")), None, cache=tmp_path
        )


def test_a_changed_wheel_is_refused(registry, tmp_path):
    registry.publish_wheel("agent", "1.0", {"agent/__main__.py": ""})
    registry.answers["/files/agent-1.0-py3-none-any.whl"] = (200, b"PK evil")
    profile = Profile(id="agent", title="A", source=Source(type=SourceType.PYPI, name="agent"), gap="x")
    with refused(IntegrityMismatch, "sha256"):
        acquire(profile, None, cache=tmp_path)


def test_a_wheel_for_a_python_that_is_not_here_is_read_but_not_run(registry, tmp_path):
    registry.publish_wheel("agent", "1.0", {"agent/__main__.py": "print(1)"})
    for path in ("/pypi/agent/json", "/pypi/agent/1.0/json"):
        raw = registry.answers[path][1].replace(b">=3.8", b">=3.15")
        registry.answers[path] = (200, raw)
    profile = Profile(id="agent", title="A", source=Source(type=SourceType.PYPI, name="agent"), gap="x")
    got = acquire(profile, None, cache=tmp_path, to_run=False)
    assert (got.root / got.package / "agent/__main__.py").is_file()
    assert got.runtime is None
    assert [problem.kind for problem in got.release.problems] == ["python-not-here"]
    assert "3.15" in got.release.problems[0].problem
    assert acquire(profile, "1.0", cache=tmp_path, to_run=False).release == got.release
    with refused(WrongPlatform, ">=3.15"):
        acquire(profile, "1.0", cache=tmp_path)


def test_a_release_that_is_only_read_does_without_what_cannot_be_resolved(registry, tmp_path, monkeypatch):
    registry.publish_wheel("tool", "1.0", {"tool/__init__.py": "x = 1\n"})
    document = json.loads(registry.answers["/pypi/tool/1.0/json"][1])
    document["info"]["requires_dist"] = ["need"]
    registry.answers["/pypi/tool/1.0/json"] = (200, json.dumps(document).encode())

    def resolve(*_: object, **__: object) -> tuple[Wheel, ...]:
        raise MissingClient("need has no wheel.", advice="Take another version of it.")

    monkeypatch.setattr(wheels, "resolve_wheels", resolve)
    profile = Profile(id="tool", title="Tool", source=Source(type=SourceType.PYPI, name="tool"), gap="only taken in")
    got = acquire(profile, "1.0", cache=tmp_path / "cache", to_run=False)
    assert [(p.kind, p.problem) for p in got.release.problems] == [("dependencies-left-out", "need has no wheel.")]
    with refused(MissingClient, "need has no wheel"):
        acquire(profile, "1.0", cache=tmp_path / "cache")


@pytest.mark.network
def test_a_real_release_from_the_real_registry(tmp_path):
    got = acquire(find_profile("claude-code"), "2.1.112", cache=tmp_path)
    assert (got.root / got.package / "cli.js").stat().st_size > 1_000_000
    assert got.release.artifacts[0].integrity.startswith("sha512-")
    assert got.release.problems == ()
    assert got.runtime is not None
    said = subprocess.run([got.runtime, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    assert said.startswith("v22.")
    assert acquire(find_profile("claude-code"), "2.1.112", cache=tmp_path, offline=True).downloaded_bytes == 0


def test_a_mirrors_relative_addresses_are_taken_from_the_document_that_holds_them(registry, tmp_path):
    registry.publish_wheel("tool", "1.0", {"tool/__init__.py": "x = 1\n"})
    whole = json.loads(registry.answers["/pypi/tool/json"][1])
    for file in whole["releases"]["1.0"]:
        file["url"] = "../../files/tool-1.0-py3-none-any.whl"
    registry.answers["/pypi/tool/json"] = (200, json.dumps(whole).encode())
    del registry.answers["/pypi/tool/1.0/json"]
    profile = Profile(id="tool", title="Tool", source=Source(type=SourceType.PYPI, name="tool"), gap="only taken in")
    acquired = acquire(profile, "1.0", cache=tmp_path / "cache")
    assert (acquired.root / "site-packages/tool/__init__.py").read_text() == "x = 1\n"
    assert acquired.release.artifacts[0].url == f"{registry.url}/files/tool-1.0-py3-none-any.whl"


def test_a_dependency_found_in_a_local_folder_is_fetched_from_the_index(registry, tmp_path, monkeypatch):
    """What a machine's own pip settings hold is not what the index vouches for."""
    registry.publish_wheel("tool", "1.0", {"tool/__init__.py": "x = 1\n"})
    registry.publish_wheel("need", "2.0", {"need/__init__.py": "y = 2\n"})
    document = json.loads(registry.answers["/pypi/tool/1.0/json"][1])
    document["info"]["requires_dist"] = ["need"]
    registry.answers["/pypi/tool/1.0/json"] = (200, json.dumps(document).encode())
    local = Wheel(name="need", version="2.0", url="file:///opt/need-2.0-py3-none-any.whl", sha256="0" * 64)
    monkeypatch.setattr(wheels, "resolve_wheels", lambda *_, **__: (local,))
    profile = Profile(id="tool", title="Tool", source=Source(type=SourceType.PYPI, name="tool"), gap="only taken in")
    acquired = acquire(profile, "1.0", cache=tmp_path / "cache")
    assert (acquired.root / "site-packages/need/__init__.py").exists()
    assert {a.url.partition("/files/")[0] for a in acquired.release.artifacts} == {registry.url}
