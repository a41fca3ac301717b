"""Re-exports: the models of the rooms."""

from monitoring.feeds.models import ApiClient
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunShard, RunState

__all__ = ["ApiClient", "Finding", "HouseholdMonth", "JudgmentRun", "RunShard", "RunState"]
