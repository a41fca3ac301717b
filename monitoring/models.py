"""Re-exports: the models of the rooms."""

from monitoring.feeds.models import ApiClient, IdempotentAnswer
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunShard, RunState
from monitoring.suggestions.models import Suggestion, SuggestionKind
from monitoring.tablet.models import HandOverKey, HeldFor, HeldPhoto, Upload, UploadState

__all__ = [
    "ApiClient",
    "Finding",
    "HandOverKey",
    "HeldFor",
    "HeldPhoto",
    "HouseholdMonth",
    "IdempotentAnswer",
    "JudgmentRun",
    "RunShard",
    "RunState",
    "Suggestion",
    "SuggestionKind",
    "Upload",
    "UploadState",
]
