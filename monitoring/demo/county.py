"""The whole demo county into the database, in one transaction. Also for benches and tests."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from households.models import Area, EvidenceBatch, Household, Level, Person, Posting, Role
from monitoring.demo.loading import MARK, analyse, copy_rows, create_batches, reserve_ids
from monitoring.demo.plan import CountyPlan, plan_county
from monitoring.demo.thresholds import line_of
from monitoring.demo.township import Setting, make_township
from monitoring.judgment.window import add_months

# About six in a hundred households: quick to load, and every village has some.
DEFAULT_HOUSEHOLDS = 6_000


@dataclass(frozen=True)
class County:
    """What was loaded: the plan, and rows by table."""

    plan: CountyPlan
    rows: dict[str, int]


def county_villages() -> dict[str, list[str]]:
    """Township code → codes of its villages."""
    areas = Area.objects.filter(level=Level.VILLAGE, county=settings.COUNTY_CODE).order_by("code")
    found: dict[str, list[str]] = {}
    for code in areas.values_list("code", flat=True):
        found.setdefault(code[:9], []).append(code)
    return found


@transaction.atomic
def build_county(
    *,
    households: int,
    seed: int,
    last_month: date,
    months: int = 24,
    townships: Collection[str] | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> County:
    """Plans, makes and loads a county of so many households whose evidence ends with ``last_month``.

    Adds to whatever the database holds (household codes must be free). The same arguments give the same county,
    apart from the nonces of sealed values and the ids of rows. Raises ``ValueError`` without reference areas.
    """
    villages = county_villages()
    if not set(townships or villages) & set(villages):
        raise ValueError("no such areas: run migrate or load_reference first")
    span = tuple(add_months(last_month, index + 1 - months) for index in range(months))
    plan = plan_county(households=households, seed=seed, months=span, villages=villages, townships=townships)
    batches = create_batches(span)
    setting = Setting(
        seed=seed,
        months=span,
        income_line=line_of(last_month.year),
        first_ids=(reserve_ids(Household, plan.households()), reserve_ids(Person, plan.people())),
        specialists=dict(
            Posting.objects.filter(role=Role.VILLAGE_SPECIALIST).order_by("-pk").values_list("area_id", "user_id")
        ),
    )
    made = []
    for township in plan.townships:
        made.append(make_township(township, setting))
        progress(f"{township.code} {township.households} 户 / households, {township.people} 人 / people")
    rows = copy_rows(made, batches)
    analyse()
    return County(plan, rows)


def demo_last_month() -> date | None:
    """The last month of the demo county in this database; ``None`` when it is not here."""
    batches = EvidenceBatch.objects.filter(label__startswith=MARK)
    return batches.aggregate(last=Max("month"))["last"]


def foreign_households() -> int:
    """Households that did not come with the demo."""
    return Household.objects.exclude(batch__label__startswith=MARK).count()
