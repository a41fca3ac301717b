"""Re-exports: the models of the rooms."""

from households.areas.models import Area, Level
from households.evidence.models import (
    BatchKind,
    EvidenceBatch,
    IncomeKind,
    IncomeLine,
    ListEntry,
    MedicalBill,
    VisitKind,
)
from households.imports.models import Doubt, Import, ImportContent, ImportState, Outcome, StagedRow
from households.ledger.models import AuditEntry, Event
from households.policy.models import CalendarDay, Standing, Threshold
from households.registry.models import (
    Category,
    Household,
    HouseholdFact,
    HouseholdKind,
    HouseholdMove,
    Membership,
    Person,
    PersonFact,
    Sex,
)
from households.staff.models import Department, Posting, Role, User
from households.visits.models import AnswerState, Campaign, Visit, VisitAnswer, VisitMethod, VisitPhoto

__all__ = [
    "AnswerState",
    "Area",
    "AuditEntry",
    "BatchKind",
    "CalendarDay",
    "Campaign",
    "Category",
    "Department",
    "Doubt",
    "Event",
    "EvidenceBatch",
    "Household",
    "HouseholdFact",
    "HouseholdKind",
    "HouseholdMove",
    "Import",
    "ImportContent",
    "ImportState",
    "IncomeKind",
    "IncomeLine",
    "Level",
    "ListEntry",
    "MedicalBill",
    "Membership",
    "Outcome",
    "Person",
    "PersonFact",
    "Posting",
    "Role",
    "Sex",
    "StagedRow",
    "Standing",
    "Threshold",
    "User",
    "Visit",
    "VisitAnswer",
    "VisitKind",
    "VisitMethod",
    "VisitPhoto",
]
