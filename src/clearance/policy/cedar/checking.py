"""Cedar's own word: whether policies fit the schema, and what it answers to a request."""

from functools import cache
from importlib import resources

import cedarpy
import msgspec

from clearance.policy.cedar.requests import CedarRequest
from clearance.policy.errors import PolicyError


@cache
def schema() -> str:
    """The schema that ships with Clearance."""
    return resources.files(__package__).joinpath("clearance.cedarschema").read_text(encoding="utf-8")


def check_policies(text: str) -> None:
    """Raise PolicyError when Cedar cannot read the policies, or they do not fit the schema."""
    try:
        result = cedarpy.validate_policies(text, schema())
    except ValueError as error:
        raise PolicyError(f"Cedar cannot read the policies: {error}.", advice=_ADVICE) from error
    if not result.validation_passed:
        faults = "; ".join(str(each.error) for each in result.errors[:3])
        raise PolicyError(f"The policies do not fit the schema: {faults}.", advice=_ADVICE)


def allows(text: str, asked: CedarRequest) -> bool:
    """What Cedar answers. Raises PolicyError when any policy could not be evaluated: Cedar would leave it out."""
    plain = msgspec.to_builtins(asked)
    entities = list(plain.pop("entities"))
    answer = cedarpy.is_authorized(plain, text, entities, schema())
    if answer.diagnostics.errors:
        raise PolicyError(f"Cedar could not evaluate: {answer.diagnostics.errors[0]}.", advice=_ADVICE)
    return bool(answer.allowed)


_ADVICE = "This is a fault of Clearance or of the record: `clearance policy cedar --check` says which."
