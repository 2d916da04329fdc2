"""What findings and dossiers point to stands in the catalogues that ship."""

import re
import tomllib
from pathlib import Path

import clearance
from clearance.policy.knowledge import shipped_knowledge

SOURCE = Path(clearance.__file__).parent
ITEMS = {catalogue.id: catalogue.items for catalogue in shipped_knowledge().catalogues}


def test_every_technique_that_a_rule_names_is_in_the_catalogue() -> None:
    named = {
        number
        for path in SOURCE.rglob("*.py")
        for number in re.findall(r"AML\.T\d{4}(?:\.\d{3})?", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named - ITEMS["atlas"].keys() == set()


def test_every_incident_points_to_a_known_case() -> None:
    cases = {incident.atlas for incident in shipped_knowledge().incidents if incident.atlas}
    assert cases - ITEMS["atlas"].keys() == set()


def test_every_control_of_a_dossier_is_in_a_catalogue() -> None:
    frameworks = tomllib.loads((SOURCE / "report/oscal/controls.toml").read_text(encoding="utf-8"))["framework"]
    for name, framework in frameworks.items():
        items = ITEMS["nist-800-53-moderate" if name == "nist-800-53" else name]
        beyond = {"sc-31", "cm-14", "sr-4"} if name == "nist-800-53" else set()
        assert framework["items"].keys() - items.keys() - beyond == set()
