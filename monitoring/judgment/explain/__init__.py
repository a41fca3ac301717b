"""Why a rule fired for a household, or did not: one derivation for the page, the printout and the command."""

from monitoring.judgment.explain.choosing import NotJudged, run_of_month
from monitoring.judgment.explain.derivation import Derivation, Outcome, Verdict
from monitoring.judgment.explain.deriving import cluster_codes, derive, derive_all, derive_finding

__all__ = [
    "Derivation",
    "NotJudged",
    "Outcome",
    "Verdict",
    "cluster_codes",
    "derive",
    "derive_all",
    "derive_finding",
    "run_of_month",
]
