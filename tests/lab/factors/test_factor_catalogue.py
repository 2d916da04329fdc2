import dataclasses
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clearance.lab.canaries.planting import path_of
from clearance.lab.canaries.tokens import draw_canaries
from clearance.lab.expand import RELEASE_TARGET, Expansion, expansion
from clearance.lab.factors import ALL, base_url, build_all, locale, stage_cell
from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor, Staging
from clearance.model.ids import FactorName, LevelName
from clearance.model.profile import Dialect, Profile, Run, Source
from clearance.model.release import SourceType

NAMES = {
    "timezone", "locale", "base_url", "proxy_env", "hostname", "username", "git_remote", "git_identity", "clock",
    "ci_env", "credentials_env", "project_kind", "canary", "session",
}  # fmt: skip
NOW = datetime(2026, 8, 15, 12, 0, tzinfo=UTC)


def some_expansion(root: Path, **changes: object) -> Expansion:
    run = Run(
        command=("python3", "{package}/agent.py", "-p", "{prompt}"),
        api=Dialect.ANTHROPIC_MESSAGES,
        env={"AGENT_KEY": "{api_key}", "AGENT_URL": "{base_url}", "AGENT_HOME": "{home}/.agent"},
        base_url_path="/v1",
        files={"{home}/.agent/config.json": '{"trusted": ["{project}"]}'},
        files_with_base_url={"{home}/.agent/provider.toml": 'url = "{base_url}"'},
    )
    profile = Profile(id="a", title="A", source=Source(type=SourceType.PATH), run=dataclass_replace(run, **changes))
    return expansion(profile, root=root, package=".", runtime=None, prompt="Explain {this}", api_key="k-1")


def dataclass_replace(run: Run, **changes: object) -> Run:
    import msgspec

    return msgspec.structs.replace(run, **changes)


def context(root: Path, **changes: object) -> FactorContext:
    plain = FactorContext(expansion=some_expansion(root), now=NOW, canaries=draw_canaries(seed=1, salt=b"s" * 16))
    return dataclasses.replace(plain, **changes)


def cell(context: FactorContext, **levels: str) -> Staging:
    chosen = {FactorName(factor): LevelName(level) for factor, level in levels.items()}
    return stage_cell(build_all(context), chosen, context.expansion.begin())


def by_name(context: FactorContext, name: str) -> Factor:
    return next(factor for factor in build_all(context) if factor.name == name)


def test_every_factor_has_the_name_that_reports_and_options_use(tmp_path: Path) -> None:
    assert {factor.name for factor in build_all(context(tmp_path))} == NAMES
    assert len(ALL) == len(NAMES)


def test_every_factor_says_in_one_sentence_why_it_is_none_of_the_tools_business(tmp_path: Path) -> None:
    for factor in build_all(context(tmp_path)):
        assert factor.why.endswith(".")
        assert 30 < len(factor.why) < 130
        assert factor.levels


def test_level_names_are_unique_within_a_factor(tmp_path: Path) -> None:
    for factor in build_all(context(tmp_path)):
        names = [factor.baseline.name, *(level.name for level in factor.levels)]
        assert len(names) == len(set(names)), factor.name


def test_every_level_of_every_factor_changes_the_room(tmp_path: Path) -> None:
    here = context(tmp_path)
    factors = build_all(here)
    baseline = stage_cell(factors, {}, here.expansion.begin())
    for factor in factors:
        for level in factor.levels:
            staged = stage_cell(factors, {factor.name: level.name}, here.expansion.begin())
            assert staged != baseline, f"{factor.name}={level.name}"


def test_staged_files_lie_only_where_the_keeper_puts_files(tmp_path: Path) -> None:
    here = context(tmp_path)
    for user in ("dev", "root", "zhangwei"):
        staged = cell(here, username=user)
        assert all(path.startswith((staged.home + "/", "/tmp/", "/etc/")) for path in staged.files)
        assert staged.project.startswith(staged.home + "/")


@pytest.mark.parametrize("name", ["hostname", "git_remote", "git_identity", "timezone", "base_url", "username"])
def test_a_level_lists_its_own_name_among_its_renderings(tmp_path: Path, name: str) -> None:
    for level in by_name(context(tmp_path), name).levels:
        if level.name not in {"none", "vendor's own host"}:
            assert level.name in level.renderings


def test_a_time_zone_sets_the_zone_and_nothing_else(tmp_path: Path) -> None:
    baseline, staged = cell(context(tmp_path)), cell(context(tmp_path), timezone="Asia/Kolkata")
    assert staged.timezone == staged.env["TZ"] == "Asia/Kolkata"
    back = dataclasses.replace(staged.with_env(TZ=baseline.env["TZ"]), timezone=baseline.timezone)
    assert back == baseline


def test_time_zone_renderings_hold_offsets_city_and_abbreviation(tmp_path: Path) -> None:
    renderings = by_name(context(tmp_path), "timezone").level(LevelName("Asia/Kolkata")).renderings
    assert {"Asia/Kolkata", "Kolkata", "+05:30", "+0530", "GMT+5:30", "GMT+0530", "IST"} <= set(renderings)


@pytest.mark.long
def test_time_zones_reach_every_continent_within_the_first_fourteen(tmp_path: Path) -> None:
    first = [level.name for level in by_name(context(tmp_path), "timezone").levels[:14]]
    assert {zone.partition("/")[0] for zone in first} >= {"Asia", "Africa", "America", "Europe"}
    assert len(by_name(context(tmp_path), "timezone").levels) >= 14


def test_a_custom_base_url_sets_variables_and_files_that_the_vendors_host_does_not(tmp_path: Path) -> None:
    vendor = cell(context(tmp_path))
    custom = cell(context(tmp_path), base_url="https://llm-gateway.example.net")
    assert vendor.base_url is None
    assert "AGENT_URL" not in vendor.env
    assert f"{vendor.home}/.agent/provider.toml" not in vendor.files
    assert custom.base_url == custom.env["AGENT_URL"] == "https://llm-gateway.example.net/v1"
    assert tomllib.loads(custom.files[f"{custom.home}/.agent/provider.toml"].content.decode())["url"] == custom.base_url


def test_a_custom_base_url_changes_nothing_but_what_the_profile_says(tmp_path: Path) -> None:
    vendor = cell(context(tmp_path), locale="ru_RU.UTF-8", username="ivanov")
    custom = cell(
        context(tmp_path), locale="ru_RU.UTF-8", username="ivanov", base_url="https://llm-gateway.example.net"
    )
    assert {**custom.env, "AGENT_URL": ""} == {**vendor.env, "AGENT_URL": ""}
    assert custom.files.keys() - vendor.files.keys() == {"/home/ivanov/.agent/provider.toml"}


def test_hosts_spread_over_countries_and_kinds_from_the_front() -> None:
    kinds, hosts = base_url.shipped_hosts()
    front = base_url.rotated(kinds, hosts)[:14]
    assert len(hosts) >= 40
    assert len({h.host for h in hosts}) == len(hosts)
    assert len({h.country for h in front}) == 14
    assert {h.kind for h in front} >= {"lab", "cloud", "company"}
    assert sorted(h.host for h in base_url.rotated(kinds, hosts)) == sorted(h.host for h in hosts)


def test_a_login_moves_home_project_and_everything_below(tmp_path: Path) -> None:
    staged = cell(context(tmp_path), username="zhangwei")
    assert staged.env["HOME"] == "/home/zhangwei"
    assert staged.env["AGENT_HOME"] == "/home/zhangwei/.agent"
    assert b'"/home/zhangwei/project"' in staged.files["/home/zhangwei/.agent/config.json"].content
    assert not [path for path in staged.files if path.startswith("/home/dev")]


def test_braces_that_are_no_placeholder_stay(tmp_path: Path) -> None:
    staged = cell(context(tmp_path))
    assert staged.command == ("python3", f"{RELEASE_TARGET}/agent.py", "-p", "Explain {this}")


def test_extra_levels_come_first_in_turn_with_the_general_ones(tmp_path: Path) -> None:
    extra = {
        FactorName("timezone"): ("Asia/Shanghai", "Mars/Olympus", "Africa/Abidjan"),
        FactorName("base_url"): ("found.example.org", ".suffix.example", "wordonly", "not a host!"),
        FactorName("locale"): ("sw-KE",),
        FactorName("hostname"): ("build-99",),
        FactorName("username"): ("someone", "../evil"),
    }
    here = context(tmp_path, extra=extra)
    zones = [level.name for level in by_name(here, "timezone").levels]
    assert zones[0] == "Asia/Shanghai"
    assert zones[2] == "Africa/Abidjan"
    assert zones.count("Asia/Shanghai") == 1
    hosts = [level.name for level in by_name(here, "base_url").levels]
    assert [hosts[0], hosts[2], hosts[4]] == [
        "https://found.example.org",
        "https://api.suffix.example",
        "https://wordonly.example.net",
    ]
    assert by_name(here, "locale").levels[0].name == "sw_KE.UTF-8"
    assert by_name(here, "hostname").levels[0].name == "build-99"
    assert [level.name for level in by_name(here, "username").levels].count("../evil") == 0


def test_a_profiles_own_variables_are_never_touched(tmp_path: Path) -> None:
    env = {"CI": "1", "HTTPS_PROXY": "x", "DEEPSEEK_API_KEY": "{api_key}", "GITHUB_TOKEN": "mine"}
    here = context(tmp_path, expansion=some_expansion(tmp_path, env=env))
    staged = cell(here, ci_env="GitHub Actions", proxy_env="corporate proxy", credentials_env="every vendor")
    assert {name: staged.env[name] for name in env} == {**env, "DEEPSEEK_API_KEY": "k-1"}


def test_no_key_of_the_tools_own_dialect_is_staged(tmp_path: Path) -> None:
    staged = cell(context(tmp_path), credentials_env="every vendor")
    assert "ANTHROPIC_API_KEY" not in staged.env
    assert "OPENAI_API_KEY" in staged.env


def test_clocks_cross_the_year_end_and_have_fixed_seconds(tmp_path: Path) -> None:
    here = context(tmp_path)
    clocks = [level.stage(here.expansion.begin()).clock for level in by_name(here, "clock").levels]
    assert clocks[:4] == ["2026-10-15 10:30:00", "2027-01-01 10:30:00", "2027-03-15 10:30:00", "2026-12-29 10:30:00"]


def test_months_ahead_of_the_last_day_of_a_month_exist(tmp_path: Path) -> None:
    here = context(tmp_path, now=datetime(2026, 12, 31, tzinfo=UTC))
    clocks = [level.stage(here.expansion.begin()).clock for level in by_name(here, "clock").levels]
    assert clocks[0] == "2027-02-28 10:30:00"
    assert clocks[3] == "2027-12-29 10:30:00"


def test_a_missing_locale_is_named(tmp_path: Path) -> None:
    missing = locale.not_installed(context(tmp_path, installed_locales=("C", "en_US.utf8")))
    assert "zh_CN.UTF-8" in missing
    assert "C" not in missing
    assert "en_US.UTF-8" not in missing


def test_every_kind_of_project_has_the_same_readme(tmp_path: Path) -> None:
    here = context(tmp_path)
    kinds = by_name(here, "project_kind")
    readmes = {cell(here, project_kind=level.name).files["/home/dev/project/README.md"] for level in kinds.levels}
    assert readmes == {cell(here).files["/home/dev/project/README.md"]}
    assert len(kinds.levels) >= 8


def test_canaries_lie_where_they_say_and_are_gone_when_absent(tmp_path: Path) -> None:
    here = context(tmp_path)
    planted, absent = cell(here), cell(here, canary="absent")
    for canary in here.canaries.planted:
        place = path_of(canary, planted)
        there = planted.env[place[1:]].encode() if place.startswith("$") else planted.files[place].content
        assert canary.token.encode() in there, canary.id
        everywhere = "".join(absent.env.values()).encode() + b"".join(f.content for f in absent.files.values())
        assert canary.token.encode() not in everywhere


def test_the_readme_holds_no_canary(tmp_path: Path) -> None:
    here = context(tmp_path)
    readme = cell(here).files["/home/dev/project/README.md"].content
    assert not [c.id for c in here.canaries.everything() if c.token.encode() in readme]


def lay(staging: Staging, root: Path) -> Path:
    for path, file in staging.files.items():
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(file.mode)
    return root / staging.project.lstrip("/")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_sees_a_valid_repository_and_the_same_two_changes_with_and_without_canaries(tmp_path: Path) -> None:
    here = context(tmp_path)
    seen = set()
    for number, levels in enumerate(({}, {"canary": "absent"}, {"canary": "other values"}, {"git_remote": "none"})):
        project = lay(cell(here, **levels), tmp_path / str(number))
        env = {"HOME": str(project.parent), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
        git = lambda *a: subprocess.run(["git", *a], cwd=project, env=env, check=True, capture_output=True).stdout  # noqa: E731, B023
        git("fsck", "--strict")
        seen.add((git("status", "--short"), git("rev-parse", "HEAD")))
        assert git("config", "user.email") == b"dev@example.com\n"
    assert len(seen) == 1
    assert next(iter(seen))[0].split() == [b"M", b"docs/onboarding.md", b"M", b"scripts/import_customers.py"]
