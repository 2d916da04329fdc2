"""The options of a second judge, the same for each command that can ask one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from clearance.model.escalation import Escalation, EscalationApi, EscalationFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateWish:
    """What stands on the command line about a second judge."""

    url: str | None
    config: Path | None
    given: dict[str, object]
    """Settings by name, those that were given."""

    def settings(self) -> Escalation | None:
        """The settings, or None where nobody is to be asked. What stands on the command line wins over the file."""
        from clearance.app.escalating import read_escalation

        if self.url is None and self.config is None:
            if self.given:
                raise click.UsageError("--escalate-… without --escalate or --escalate-config asks nobody")
            return None
        try:
            read = read_escalation(self.config) if self.config else None
        except OSError as error:
            raise click.UsageError(f"{self.config} cannot be read: {error.strerror}") from error
        wanted = {**(msgspec.structs.asdict(read) if read else {}), **self.given}
        if self.url is not None:
            wanted["url"] = self.url
        missing = [name for name in ("url", "model", "api") if name not in wanted]
        if missing:
            raise click.UsageError(f"--escalate also needs --escalate-{' and --escalate-'.join(missing)}")
        return msgspec.convert(wanted, Escalation)


_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option("--escalate", metavar="URL", help="Ask a model of your own where the judges are unsure."),
    click.option("--escalate-model", metavar="NAME", help="The model's name there."),
    click.option(
        "--escalate-api", type=click.Choice([each.value for each in EscalationApi]), help="The shape of its API."
    ),
    click.option("--escalate-key-env", metavar="VAR", help="The environment variable with its key."),
    click.option("--escalate-timeout", type=click.FloatRange(0.1, 120), metavar="SECONDS", help="[default: 5]"),
    click.option(
        "--escalate-failure",
        type=click.Choice([each.value for each in EscalationFailure]),
        help="What holds when it does not answer.  [default: ask]",
    ),
    click.option("--escalate-ca", metavar="FILE", help="Certificates (PEM) to verify it with."),
    click.option("--escalate-most", type=click.IntRange(1, 1000), metavar="N", help="Most questions.  [default: 8]"),
    click.option("--escalate-insecure", is_flag=True, help="Also over plain HTTP to another machine."),
    click.option(
        "--escalate-config",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="These settings as a TOML file.",
    ),
)
_NAMES = {
    "escalate_model": "model",
    "escalate_api": "api",
    "escalate_key_env": "key_env",
    "escalate_timeout": "timeout_s",
    "escalate_failure": "failure",
    "escalate_ca": "ca",
    "escalate_most": "most_calls",
}


def escalate_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options; the command gets ``escalate``, an EscalateWish, instead of them."""

    def called(**options: Any) -> int:  # click hands options in by name
        given = {name: options.pop(option) for option, name in _NAMES.items()}
        given["insecure"] = options.pop("escalate_insecure") or None
        wish = EscalateWish(
            url=options.pop("escalate"),
            config=options.pop("escalate_config"),
            given={name: value for name, value in given.items() if value is not None},
        )
        return command(**options, escalate=wish)

    called.__doc__ = command.__doc__
    called.__name__ = command.__name__
    called.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined] # click's own
    for option in reversed(_OPTIONS):
        option(called)
    return called
