"""How to verify a pack with tools that every system has: the commands, as they stand on the page and in VERIFY.md.

They write only to a folder of their own, and are run in a POSIX shell from inside the pack.
"""

from dataclasses import dataclass

from clearance.report.pack_layout import KEY, MANIFEST, STATEMENT, SUMS
from clearance.report.statement_shapes import PAYLOAD_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyStep:
    """One step: what it shows, and what to type."""

    shows: str
    commands: tuple[str, ...]


_TYPE = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE}"
_OTHERS = (
    f"find . ! -type d ! -path ./{SUMS} ! -path ./{STATEMENT} | cut -c3- | LC_ALL=C sort"
    ' | diff - "$work/listed" && echo nothing else is there'
)
_SIGNED = (
    f'{{ printf \'{_TYPE} %d \' "$(wc -c < "$work/statement.json")"; cat "$work/statement.json"; }} > "$work/signed"'
)
STEPS = (
    VerifyStep(
        shows="Every file is the one that was listed, and no other file is there (both say so).",
        commands=(
            'work=$(mktemp -d) && cut -c67- SHA256SUMS > "$work/listed"',
            f"sha256sum --check --strict --quiet {SUMS} && echo digests hold",
            _OTHERS,
        ),
    ),
    VerifyStep(
        shows="The statement was signed with the key (OpenSSL 3).",
        commands=(
            f'sed -n \'s/^  "payload": "\\(.*\\)",$/\\1/p\' {STATEMENT} | base64 -d > "$work/statement.json"',
            f'sed -n \'s/^      "sig": "\\(.*\\)"$/\\1/p\' {STATEMENT} | base64 -d > "$work/signature"',
            _SIGNED,
            f'openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in "$work/signed" -sigfile "$work/signature"',
        ),
    ),
    VerifyStep(
        shows="The statement names these very lists (each command prints a line).",
        commands=(
            f'grep -F "$(sha256sum < {SUMS} | cut -c-64)" "$work/statement.json"',
            f'grep -F "$(sha256sum < {MANIFEST} | cut -c-64)" "$work/statement.json"',
        ),
    ),
    VerifyStep(
        shows="The key's id. Compare it with the one you got from its owner by another way than this pack.",
        commands=(f"openssl pkey -pubin -in {KEY} -outform DER | sha256sum",),
    ),
)
PROOFS = (
    "Each proofs/NNN.tlog-proof proves that the record beside it (NNN.leaf) is in the log whose key is NNN.vkey; "
    "any verifier of c2sp.org/tlog-proof reads it."
)
ONE = "clearance dossier verify . --key THE-KEY-YOU-TRUST.pem"


def how_to_verify(title: str, keyid: str) -> str:
    """VERIFY.md."""
    blocks = [f"{number}. {s.shows}\n\n{_block(s.commands)}" for number, s in enumerate(STEPS, start=1)]
    return "\n".join(
        (
            f"# How to verify this dossier: {title}",
            "",
            "Nothing but this folder is needed, and no network. With Clearance:",
            "",
            _block((ONE,)),
            "With tools that every system has, from inside this folder:",
            "",
            *blocks,
            PROOFS,
            "",
            f"Signed with the key of id {keyid}.",
            "A key that lies in the pack itself shows only that the pack is whole, not whose it is.",
            "",
        )
    )


def _block(commands: tuple[str, ...]) -> str:
    return "```sh\n" + "\n".join(commands) + "\n```\n"
