"""A second judge that a company runs itself: where it is, what is asked, and what may come of it."""

import enum

import msgspec


class EscalationApi(enum.StrEnum):
    """The shape in which the endpoint is asked."""

    OPENAI = "openai"
    """Chat completions."""
    ANTHROPIC = "anthropic"
    """Messages."""


class EscalationFailure(enum.StrEnum):
    """What holds when no usable answer came."""

    ASK = "ask"
    """A person has to decide: a gap that blocks the verdict."""
    BLOCK = "block"
    IGNORE = "ignore"
    """What the other judges say holds; that nobody answered is said."""


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one endpoint, also as a TOML file. Credentials stand in the environment, never here."""

    url: str
    """``https://models.corp.example/v1``; the path of the API is added where it is missing."""
    model: str
    api: EscalationApi
    key_env: str = ""
    """Name of the environment variable with the key; empty: none is sent."""
    timeout_s: float = 5.0
    """For one question, from name resolution to the last byte of the answer."""
    failure: EscalationFailure = EscalationFailure.ASK
    ca: str = ""
    """A file with certificates (PEM) to verify the endpoint with; empty: those of the system."""
    insecure: bool = False
    """Also ask over plain HTTP another machine than this one."""
    most_calls: int = 8
    """Questions in one run; what is unsure behind that counts as not answered."""


class SecondVerdict(enum.StrEnum):
    """What the second judge may say. None of it lifts anything."""

    NOTHING = "nothing"
    """Nothing is added to what the other judges say."""
    ASK = "ask"
    BLOCK = "block"


class SecondOpinion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole answer, exactly: other fields, or a missing one, make it unusable."""

    nonce: str
    verdict: SecondVerdict
    reason: str
