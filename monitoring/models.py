"""Re-exports: the models of the rooms."""

from monitoring.feeds.models import ApiClient, IdempotentAnswer
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunShard, RunState
from monitoring.suggestions.models import Suggestion, SuggestionKind

__all__ = [
    "ApiClient",
    "Finding",
    "HouseholdMonth",
    "IdempotentAnswer",
    "JudgmentRun",
    "RunShard",
    "RunState",
    "Suggestion",
    "SuggestionKind",
]
