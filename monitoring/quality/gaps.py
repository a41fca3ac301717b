"""Figures that a judgment could not know, declared once each, with the rules that wait for them.

A gap is unknown, never zero: a condition over ``HouseholdMonth`` columns that are null. What a department's list
would have said is no gap of a household: it was not received, which is said once (``monitoring.quality.lists``).
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.judgment.indicators import INDICATORS
from monitoring.rules import RULES, Rule

ANY = "any"


@dataclass(frozen=True)
class Gap:
    """One kind of gap. ``columns`` are the indicators that are unknown because of it."""

    code: str
    label: Promise
    # What to do about it, for whoever works the list off.
    hint: Promise
    condition: Q
    columns: tuple[str, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that need one of the columns: a household with this gap is not judged by them."""
        return tuple(rule for rule in RULES if set(self.columns) & set(rule.needs))


HAS_MEMBERS = Q(members__isnull=False)
MONITORED = Q(monitored=True)

GAPS = (
    Gap(
        "members",
        _("Members unknown"),
        _("No accepted member at the end of the month: import the member list or register the members."),
        Q(members__isnull=True),
        ("members",),
    ),
    Gap(
        "income",
        _("Income unknown"),
        _("No accepted income line in the 12 months: import the income ledger."),
        Q(net__isnull=True),
        ("net", "claims"),
    ),
    Gap(
        "income_incomplete",
        _("Income incomplete"),
        _("A quarter of the 12 months has no income line; it is judged by the others and marked."),
        Q(income_quarters__lt=4),
        (),
    ),
    Gap(
        "previous_income",
        _("Income of the year before unknown"),
        _("No accepted income line in the 12 months before."),
        Q(net__isnull=False, previous_net__isnull=True),
        ("previous_net",),
    ),
    Gap(
        "kind",
        _("Kind of household unknown"),
        _("The register does not say whether it was lifted out of poverty."),
        Q(lifted__isnull=True),
        ("lifted",),
    ),
    Gap(
        "category",
        _("Monitoring category unknown"),
        _("The register does not say whether it is monitored, and as what."),
        Q(monitored__isnull=True),
        ("monitored", "monitored_open"),
    ),
    Gap(
        "elimination",
        _("Elimination of the risk unknown"),
        _("Monitored, and the register does not say whether the risk was eliminated."),
        MONITORED & Q(monitored_open__isnull=True),
        ("monitored_open",),
    ),
    Gap(
        "elimination_date",
        _("Date of elimination unknown"),
        _("The risk was eliminated, and nothing says in which month."),
        MONITORED & Q(monitored_open=False, months_since_elimination__isnull=True),
        ("months_since_elimination",),
    ),
    Gap(
        "visit",
        _("Neither visit nor date of entry"),
        _("Monitored without a recorded visit and without the date from which it is monitored."),
        Q(monitored_open=True, days_unvisited__isnull=True),
        ("days_unvisited",),
    ),
    Gap(
        "birth",
        _("Birth date of a member unknown"),
        _("Complete the identity number or the birth date in the register."),
        HAS_MEMBERS & Q(youngest_age__isnull=True),
        ("youngest_age",),
    ),
    Gap(
        "insurance",
        _("Insurance of a member unknown"),
        _("Both insurance fields empty, or one empty and the other no."),
        Q(insurance_unknown__gt=0),
        ("uninsured_members",),
    ),
    Gap(
        "labour",
        _("Labour of a member unknown"),
        _("The register does not say whether a member can work."),
        HAS_MEMBERS & Q(without_labour__isnull=True),
        ("without_labour",),
    ),
    Gap(
        "schooling",
        _("Schooling of a child unknown"),
        _("A member of 6 to 15 without a school status and without a reason."),
        HAS_MEMBERS & Q(dropouts_registered__isnull=True),
        ("dropouts_registered",),
    ),
    Gap(
        "students",
        _("School status of all members unknown"),
        _("The register says of no member whether and where he goes to school."),
        HAS_MEMBERS & Q(students_above__isnull=True),
        ("students_above",),
    ),
    Gap(
        "house",
        _("House grade unknown"),
        _("Neither the register nor a housing list has an appraisal."),
        Q(house_grade__isnull=True),
        ("house_grade",),
    ),
    Gap(
        "water",
        _("Safe water unknown"),
        _("The register does not say whether the household has safe drinking water."),
        Q(safe_water__isnull=True),
        ("safe_water",),
    ),
    Gap(
        "outage_days",
        _("Days of a water outage unknown"),
        _("The water list has an outage of the household without its days."),
        Q(outages__gt=0, outage_days__isnull=True),
        ("outage_days",),
    ),
    Gap(
        "work_months",
        _("Months of work unknown"),
        _("A member lost a job, and the register does not say how long he had worked."),
        Q(jobs_lost__gt=0, months_worked__isnull=True),
        ("months_worked",),
    ),
)
BY_CODE = {gap.code: gap for gap in GAPS}
# What the lists of departments would have said.
OF_LISTS = {indicator.name: indicator.zero_when for indicator in INDICATORS if indicator.zero_when} | {
    "outage_days": "list_water"
}


def any_gap() -> Q:
    """A household with at least one gap."""
    condition = Q()
    for gap in GAPS:
        condition |= gap.condition
    return condition
