"""A dossier of the sample vetting with decisions and proofs from a small log of its own, and packs in memory."""

import base64
import hashlib
from collections.abc import Mapping

import msgspec
import sample_vetting
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clearance.model.dossier import DossierDecision, LedgerProof, PackProblem
from clearance.model.ids import Digest, RuleId
from clearance.model.vetting import Vetting
from clearance.report.dossier import DossierMaterial, make_dossier
from clearance.report.dsse import public_pem
from clearance.report.json import render_json

KEY = Ed25519PrivateKey.from_private_bytes(b"the key of the one who exports it"[:32])
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"the key of somebody else entirely"[:32])
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"the key of the log of these tests"[:32])
ORIGIN = "log.bank.example/decisions"


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written there."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha256(b"\x01" + root_of(leaves[:k]) + root_of(leaves[k:]))


def path_of(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path_of(m, leaves[:k]), root_of(leaves[k:])]
    return [*path_of(m - k, leaves[k:]), root_of(leaves[:k])]


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_hash(name: str, key: Ed25519PrivateKey) -> bytes:
    return sha256(f"{name}\n".encode() + b"\x01" + raw(key))[:4]


def vkey(name: str = ORIGIN, key: Ed25519PrivateKey = LOG_KEY) -> str:
    typed = base64.b64encode(b"\x01" + raw(key)).decode()
    return f"{name}+{key_hash(name, key).hex()}+{typed}"


def checkpoint(leaves: list[bytes], *, name: str = ORIGIN, key: Ed25519PrivateKey = LOG_KEY) -> str:
    text = f"{name}\n{len(leaves)}\n{base64.b64encode(root_of(leaves)).decode()}\n"
    signature = base64.b64encode(key_hash(name, key) + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {name} {signature}\n"


def proof(index: int, leaves: list[bytes]) -> LedgerProof:
    return LedgerProof(
        index=index,
        checkpoint=checkpoint(leaves),
        hashes=tuple(path_of(index, leaves)),
        leaf=leaves[index],
        log=vkey(),
    )


RECORD = b'{"id":"D-2026-014","kind":"ban"}'
LEAVES = [f"record {n}".encode() for n in range(6)] + [RECORD]


def decisions() -> tuple[DossierDecision, ...]:
    ban = DossierDecision(
        id="D-2026-014",
        kind="ban",
        sha256=Digest(hashlib.sha256(RECORD).hexdigest()),
        subject="some-agent 2.4.1 for everybody at Example Bank, in all countries",
        valid_from="2026-03-15T00:00:00Z",
        owner="Head of Engineering Platforms",
        signers=("a.ng@bank.example", "p.silva@bank.example"),
        text="some-agent 2.4.1 is not to be used. It is lifted when a release is vetted clear of covert markers.",
        reasons=("form-depends-on-environment: two characters of the prompt follow the time zone",),
    )
    watch = DossierDecision(
        id="D-2026-015",
        kind="restrict",
        sha256=Digest("ab" * 32),
        subject="some-agent, any version, in the build pipeline",
        valid_from="2026-03-15T00:00:00Z",
        until="2026-09-15T00:00:00Z",
        owner="Head of Build",
        text="Only behind the gate.",
    )
    return ban, watch


REAL = (
    "form-depends-on-environment",
    "canary-leaves",
    "traffic-depends-on-environment",
    "side-channel-depends-on-environment",
    "value-stated-openly",
    "traffic-depends-on-environment",
    "form-depends-on-environment",
    "reads-secrets-of-others",
    "could-not-look",
    "could-not-look",
)


def vetting() -> Vetting:
    """The sample with the ids of rules that are there, so that controls are those of real findings."""
    sample = sample_vetting.sample()
    pairs = zip(sample.findings, REAL, strict=True)
    findings = tuple(msgspec.structs.replace(finding, rule=RuleId(rule)) for finding, rule in pairs)
    return msgspec.structs.replace(sample, findings=findings)


def material(other_vetting: Vetting | None = None, **other: object) -> DossierMaterial:
    about = other_vetting or vetting()
    filled: dict[str, object] = {
        "vetting": about,
        "report": render_json(about).encode(),
        "look": None,
        "decisions": decisions(),
        "proofs": (proof(6, LEAVES),),
        "traces": (),
        "public_key": public_pem(KEY.public_key()),
        "created": "2026-03-15T09:00:00+00:00",
        "tool": "clearance 0.1.0",
    }
    return DossierMaterial(**(filled | other))  # type: ignore[arg-type]


def pack(other_vetting: Vetting | None = None, **other: object) -> dict[str, bytes]:
    return dict(make_dossier(material(other_vetting, **other), sign=KEY.sign))


class MemoryPack:
    """A pack that lies nowhere."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.problems: tuple[PackProblem, ...] = ()
        self.sizes = {path: len(text) for path, text in files.items()}

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def digest(self, path: str) -> str:
        return hashlib.sha256(self.files[path]).hexdigest() if path in self.files else ""
