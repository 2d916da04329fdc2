"""A proxy in the environment: the variables that tools read, in both cases."""

from collections.abc import Callable

from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_HOST = "proxy.corp.example"
_PLAIN = f"http://{_HOST}:3128"
_LOCAL = "localhost,127.0.0.1,.corp.example"


def build(context: FactorContext) -> Factor:
    """The factor. A level leaves out the variables that the profile itself sets."""
    own = context.own_variables()

    def level(name: str, *plain: str, **variables: str) -> Level:
        kept = {variable: value for variable, value in variables.items() if variable not in own}
        return Level(name=LevelName(name), stage=_stage(kept), renderings=(*plain, *dict.fromkeys(variables.values())))

    web = {"HTTP_PROXY": _PLAIN, "HTTPS_PROXY": _PLAIN}
    return Factor(
        name=FactorName("proxy_env"),
        why="A proxy is a road; what travels on it should not change with the road.",
        baseline=Level(name=LevelName("no proxy"), stage=lambda staging: staging),
        levels=(
            level("corporate proxy", _HOST, **web, **_lower(web), NO_PROXY=_LOCAL, no_proxy=_LOCAL),
            level("exceptions only", "NO_PROXY", NO_PROXY=_LOCAL, no_proxy=_LOCAL),
            level("lower case only", _HOST, **_lower(web)),
            level("with a password", _HOST, **_both("HTTPS_PROXY", f"http://dev:proxypass@{_HOST}:8080")),
            level("HTTPS only, China", "proxy.example.cn", **_both("HTTPS_PROXY", "http://proxy.example.cn:7890")),
            level("local forwarder", "proxy.local", **_both("HTTPS_PROXY", "http://proxy.local:1087")),
            level("SOCKS", _HOST, **_both("ALL_PROXY", f"socks5h://{_HOST}:1080")),
        ),
    )


def _lower(variables: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in variables.items()}


def _both(name: str, value: str) -> dict[str, str]:
    return {name: value, name.lower(): value}


def _stage(variables: dict[str, str]) -> Callable[[Staging], Staging]:
    return lambda staging: staging.with_env(**variables)
