"""Rules are written positively: what is unknown fires nothing, and nothing turns unknown into a value."""

import pytest
from django.db.models import BooleanField, Case, Expression, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce

from households.models import Household
from monitoring.judgment.finding import threshold_columns
from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.running import open_run
from monitoring.rules import RULES
from tests import factories
from tests.judgment.conftest import JUNE

VILLAGE = "420527103204"
# What rules on findings and villages read beside the columns of a household and month.
BESIDE = ("findings", "highest", "departments", "found", "households", "visits")
UNKNOWN = {name: Value(None, output_field=IntegerField()) for name in BESIDE}


def negative_parts(part: object) -> list[str]:
    """What in a predicate could be true of something unknown."""
    if isinstance(part, Q):
        here = ["~Q"] if part.negated else []
        return here + [found for child in part.children for found in negative_parts(child)]
    if isinstance(part, tuple):
        lookup, value = part
        here = ["isnull"] if "isnull" in lookup.split("__") else []
        return here + negative_parts(value)
    if isinstance(part, Coalesce | Case):
        return [type(part).__name__]
    if isinstance(part, Expression):
        return [found for source in part.get_source_expressions() for found in negative_parts(source)]
    return []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_predicates_are_written_positively(rule):
    assert negative_parts(rule.predicate) == []


@pytest.mark.parametrize(
    ("predicate", "found"),
    [
        (Q(members__gt=0) & ~Q(lifted=True), ["~Q"]),
        (~(Q(lifted=True) | Q(monitored=True)), ["~Q"]),
        (Q(members__gt=0) | Q(net__isnull=True), ["isnull"]),
        (Q(net__lt=Coalesce(F("members"), Value(0))), ["Coalesce"]),
        (Q(net__lt=F("members") * Coalesce(F("wage"), Value(0))), ["Coalesce"]),
        (Q(net__lt=Case(When(lifted=True, then=Value(1)), default=Value(2))), ["Case"]),
        (Q(net__lt=F("members") * F("income_line")), []),
    ],
)
def test_the_check_sees_what_is_not_written_positively(predicate, found):
    assert negative_parts(predicate) == found


@pytest.fixture
def bare_row(db) -> tuple[JudgmentRun, HouseholdMonth]:
    """A household and month of which no indicator is known, in a run in which every threshold has a value."""
    household = Household.objects.create(
        code=f"{VILLAGE}000001",
        county=VILLAGE[:6],
        township=VILLAGE[:9],
        village=VILLAGE,
        head_name="空",
        batch=factories.batch(),
    )
    run = open_run(month=JUNE)
    for code in {code for rule in RULES for code in rule.thresholds}:
        run.thresholds.setdefault(code, {"value": "0"})
    place = {"county": household.county, "township": household.township, "village": household.village}
    return run, HouseholdMonth.objects.create(run=run, household=household, month=JUNE, **place)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_row_of_nothing_but_unknown_is_neither_found_nor_known_to_be_well(bare_row, rule):
    run, row = bare_row
    months = HouseholdMonth.objects.filter(pk=row.pk).annotate(**UNKNOWN, **threshold_columns(run, rule))

    assert not months.filter(rule.predicate).exists()
    assert months.annotate(fires=ExpressionWrapper(rule.predicate, BooleanField())).get().fires is None


@pytest.mark.django_db
@pytest.mark.parametrize("received", [(), DEPARTMENT_LISTS], ids=["no list received", "every list received"])
def test_a_village_of_households_of_which_nothing_is_known_has_no_finding(judge, received):
    for _number in range(6):
        factories.household()
    for source in received:
        factories.batch(kind="import", source=source, month=JUNE)

    run = judge()

    assert run.household_months.count() == 6
    assert not Finding.objects.filter(run=run).exists()
