"""The doctor lists what the machine can stage; what is missing comes with the command that mends it."""

from clearance.lab import doctor
from clearance.lab.doctor import examine


def test_every_ability_has_a_name_a_detail_and_a_command_where_it_is_missing():
    abilities = examine()
    assert len({ability.name for ability in abilities}) == len(abilities)
    for ability in abilities:
        assert ability.detail
        assert bool(ability.mend) != ability.ok


def test_a_missing_program_is_mended_by_its_package(monkeypatch):
    monkeypatch.setattr(doctor, "which", lambda _: "")
    by_name = {ability.name: ability for ability in examine()}
    assert not by_name["bwrap"].ok
    assert by_name["bwrap"].mend == "apt-get install -y bubblewrap"
    assert by_name["strace"].needed
    assert not by_name["npm"].needed


def test_a_trial_that_fails_says_its_last_words(monkeypatch):
    monkeypatch.setattr(doctor, "_try", lambda *_, text="": "unshare failed: Operation not permitted")
    spaces = next(ability for ability in examine() if ability.name == "user namespaces")
    assert not spaces.ok
    assert "Operation not permitted" in spaces.detail
    assert spaces.mend.startswith("sysctl -w ")
