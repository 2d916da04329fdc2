"""Whether OSCAL documents are what compliance-trestle's models take. Imported only when somebody asks: it is heavy."""

from collections.abc import Mapping
from typing import Any

from clearance.report.errors import ReportError
from clearance.report.pack_layout import POAM, RESULTS


def not_oscal(documents: Mapping[str, bytes]) -> Mapping[str, str]:
    """Path to what is wrong with it, for those of ``RESULTS`` and ``POAM`` that are not valid OSCAL.

    Raises:
        ReportError: compliance-trestle is not installed.
    """
    try:
        from pydantic import ValidationError
        from trestle.oscal.assessment_results import AssessmentResults
        from trestle.oscal.poam import PlanOfActionAndMilestones
    except ImportError as error:
        raise ReportError(
            "Checking OSCAL needs compliance-trestle, which is not installed.",
            advice="Install it: pip install 'clearance[oscal]'; or leave --oscal out.",
        ) from error
    import json

    models: dict[str, tuple[Any, str]] = {
        RESULTS: (AssessmentResults, "assessment-results"),
        POAM: (PlanOfActionAndMilestones, "plan-of-action-and-milestones"),
    }
    wrong: dict[str, str] = {}
    for path in models.keys() & documents.keys():
        model, root = models[path]
        try:
            model.model_validate(json.loads(documents[path])[root])
        except (ValidationError, ValueError, KeyError, TypeError, RecursionError) as error:
            wrong[path] = str(error).partition("\n  For further")[0]
    return wrong
