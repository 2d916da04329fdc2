"""Wiring of the second judge: settings from the command line or a file, the key from the environment, the network."""

import os
import secrets
from pathlib import Path

import msgspec

from clearance.app.classifying import secrets_key
from clearance.detect.escalation import SecondJudge, Unanswered
from clearance.detect.escalation.answer import address, body, headers
from clearance.detect.secrets import SecretJudge
from clearance.intake.endpoint import Endpoint, EndpointRefused, NoAnswer
from clearance.model.escalation import Escalation


def read_escalation(path: Path) -> Escalation:
    """The settings of a TOML file. Raises EndpointRefused where it is none, OSError where it cannot be read."""
    if not path.is_file():
        raise EndpointRefused(f"{path} is no file.", advice="docs/escalation.md shows what stands in one.")
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Escalation)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EndpointRefused(
            f"{path} holds no settings of an endpoint: {error}.",
            advice="url, model and api are needed; docs/escalation.md has them all.",
        ) from error


def second_judge(escalation: Escalation, finder: SecretJudge | None = None) -> SecondJudge:
    """The judge that asks an endpoint; ``finder`` saves the time to make another judge of secrets.

    Raises:
        EndpointRefused: the address is not asked, or the variable with the key is not set or holds no key.
        Unwritable: see ``secrets_key``.
    """
    endpoint = Endpoint(
        address(escalation),
        headers(escalation, _key(escalation.key_env)),
        timeout_s=escalation.timeout_s,
        ca=escalation.ca,
        insecure=escalation.insecure,
    )

    def ask(system: str, text: str) -> bytes:
        try:
            return endpoint.post(body(escalation, system, text))
        except NoAnswer as error:
            raise Unanswered(str(error)) from error

    return SecondJudge(escalation, ask, lambda: secrets.token_hex(16), finder or SecretJudge(secrets_key()))


def _key(variable: str) -> str:
    if not variable:
        return ""
    key = os.environ.get(variable, "")
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise EndpointRefused(
            f"The variable {variable} holds no key." if key else f"The variable {variable} is not set.",
            advice="Set it, or leave --escalate-key-env out where the endpoint needs none.",
        )
    return key
