"""Continuous integration: the variables by which tools know that nobody watches."""

from collections.abc import Callable

from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_LEVELS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "GitHub Actions",
        {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "example-org/inventory",
            "GITHUB_WORKFLOW": "build",
            "GITHUB_RUN_ID": "9182736455",
            "GITHUB_SHA": "0a4f2c91d7be35680e1f4a7cbd92e86350fa1c27",
            "RUNNER_OS": "Linux",
            "RUNNER_NAME": "GitHub Actions 7",
        },
    ),
    ("GitLab CI", {"CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_ID": "482911", "CI_JOB_NAME": "build"}),
    ("Jenkins", {"JENKINS_URL": "https://jenkins.corp.example/", "BUILD_ID": "417", "JOB_NAME": "inventory"}),
    ("CI alone", {"CI": "true"}),
    ("Azure Pipelines", {"TF_BUILD": "True", "BUILD_BUILDID": "20417", "AGENT_NAME": "Azure Pipelines 3"}),
    ("CircleCI", {"CI": "true", "CIRCLECI": "true", "CIRCLE_BUILD_NUM": "2210"}),
    ("Buildkite", {"CI": "true", "BUILDKITE": "true", "BUILDKITE_BUILD_NUMBER": "318"}),
    ("AWS CodeBuild", {"CODEBUILD_BUILD_ID": "inventory:7f0c4b1e", "CODEBUILD_BUILD_NUMBER": "55"}),
    ("TeamCity", {"TEAMCITY_VERSION": "2025.03", "BUILD_NUMBER": "88"}),
    ("Codespaces", {"CODESPACES": "true", "CODESPACE_NAME": "friendly-space-7"}),
    ("Kubernetes", {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}),
)


def build(context: FactorContext) -> Factor:
    """The factor. A level leaves out the variables that the profile itself sets."""
    own = context.own_variables()
    return Factor(
        name=FactorName("ci_env"),
        why="What is sent while nobody watches should be what is sent while somebody does.",
        baseline=Level(name=LevelName("none"), stage=lambda staging: staging),
        levels=tuple(
            _level(label, {name: value for name, value in variables.items() if name not in own})
            for label, variables in _LEVELS
        ),
    )


def _level(label: str, variables: dict[str, str]) -> Level:
    words = (label, label.lower().replace(" ", "-"), label.lower().replace(" ", "_"), label.lower().replace(" ", ""))
    plain = (*words, *(name for name in variables if name != "CI"), *(v for v in variables.values() if len(v) > 4))
    return Level(name=LevelName(label), stage=_stage(variables), renderings=tuple(dict.fromkeys(plain)))


def _stage(variables: dict[str, str]) -> Callable[[Staging], Staging]:
    return lambda staging: staging.with_env(**variables)
