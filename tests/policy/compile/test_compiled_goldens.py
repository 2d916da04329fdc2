"""The whole output for three policies, byte for byte, as recorded under ``tests/golden/policy_compile``.

``CLEARANCE_WRITE_SNAPSHOTS=1 pytest tests/policy/compile/test_compiled_goldens.py`` writes it anew.
"""

import base64
import datetime as dt
import json
import os
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from clearance.app.compiled_folder import LIST
from clearance.app.compiling import CompileWish, compile_policy
from clearance.policy.compile import ALL

GOLDEN = Path(__file__).parents[2] / "golden" / "policy_compile"
AT = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def compiled(case: str, out: Path, key: Path | None) -> dict[str, bytes]:
    wish = CompileWish(
        rulings=GOLDEN / case / "rulings.toml", targets=tuple(t.id for t in ALL), out=out, at=AT, key=key
    )
    compile_policy(wish)
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != LIST}
    if key:  # the program is the same in every case and has tests of its own; the payload is shown as it is read
        del found["helper/clearance-policy-helper"]
        envelope = json.loads(found.pop("helper/bundle.json"))
        payload = json.loads(base64.b64decode(envelope["payload"]))
        found["helper/bundle.payload.json"] = (json.dumps(payload, indent=1, ensure_ascii=False) + "\n").encode()
    return found


@pytest.mark.parametrize("case", ["ban", "window", "conditions"])
@pytest.mark.parametrize("how", ["with-helper", "without-helper"])
def test_the_output_is_as_recorded(case, how, tmp_path, key):
    found = compiled(case, tmp_path / "out", key if how == "with-helper" else None)
    folder = GOLDEN / case / how
    if os.environ.get("CLEARANCE_WRITE_SNAPSHOTS"):
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    recorded = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert sorted(found) == sorted(recorded)
    for name, content in found.items():
        assert content == recorded[name], name


def test_every_target_is_in_the_recorded_output():
    for case in ("ban", "window", "conditions"):
        assert {p.name for p in (GOLDEN / case / "with-helper").iterdir() if p.is_dir()} == {t.id for t in ALL} | {
            "helper"
        }
