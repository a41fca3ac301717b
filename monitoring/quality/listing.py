"""A page of the work list: households village by village, each with everything that is missing in it."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from households.areas.scope import Scope
from households.models import Household
from households.registry.listing import PAGE_ROWS, Place
from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.judgment.window import add_months
from monitoring.quality.details import Details, details_of
from monitoring.quality.gaps import GAPS, Gap

MOST_NAMES = 6


@dataclass(frozen=True)
class Missing:
    """One gap of one household: which members, which quarters; "" where there is nothing more to say."""

    label: str | Promise
    which: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """``household`` is None where it has moved out of sight since."""

    household: Household | None
    township: str
    village: str
    missing: list[Missing]
    # Codes of the rules that could not judge it.
    rules: list[str]


@dataclass(frozen=True)
class GapPage:
    """``before`` and ``after`` are cursors, empty at the ends."""

    rows: list[Row]
    before: str
    after: str


def read_gap_page(
    months: QuerySet[HouseholdMonth],
    place: Place | None,
    *,
    run: JudgmentRun,
    villages: dict[str, int],
    chosen: str,
    scope: Scope,
    names: dict[str, str],
) -> GapPage:
    """One page of a scoped and filtered queryset by (village, household). Two queries.

    ``villages``: where there is anything to find, and how much (``GapCounts``): a page reads the few villages that
    it needs and no others, so the last page of a county costs what the first does, without an index of its own.
    """
    is_back = place is not None and place.is_back
    needed = _villages_of_page(villages, place)
    order = ("-village", "-household_id") if is_back else ("village", "household_id")
    rows = list(
        _from(months, place)
        .filter(township__in=sorted({code[:9] for code in needed}), village__in=needed)
        .select_related("household")
        .annotate(**{f"has_{gap.code}": _has(gap) for gap in GAPS})
        .order_by(*order)[: PAGE_ROWS + 1]
    )
    has_more, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    if is_back:
        rows.reverse()
    details = details_of(run, [row.household_id for row in rows])
    cursors = [f"{row.village}-{row.household_id}" for row in rows[:1] + rows[-1:]]
    return GapPage(
        [_row(row, scope, details, chosen, names) for row in rows],
        before=cursors[0] if cursors and (has_more if is_back else place is not None) else "",
        after=cursors[-1] if cursors and (is_back or has_more) else "",
    )


def _villages_of_page(villages: dict[str, int], place: Place | None) -> list[str]:
    """From the cursor's village on (or back), as many as hold a page and one row more."""
    is_back = place is not None and place.is_back
    codes = sorted(villages, reverse=is_back)
    needed: list[str] = []
    # Of the cursor's own village nobody knows how many rows still lie ahead: it is not counted.
    held = 0
    for code in codes:
        if place is not None and (code > place.village if is_back else code < place.village):
            continue
        needed.append(code)
        held += 0 if place is not None and code == place.village else villages[code]
        if held > PAGE_ROWS:
            break
    return needed


def _from(months: QuerySet[HouseholdMonth], place: Place | None) -> QuerySet[HouseholdMonth]:
    if place is None:
        return months
    if place.is_back:
        return months.filter(Q(village=place.village, household_id__lt=place.pk) | Q(village__lt=place.village))
    return months.filter(Q(village=place.village, household_id__gt=place.pk) | Q(village__gt=place.village))


def _has(gap: Gap) -> Case:
    return Case(When(gap.condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _row(
    month: HouseholdMonth,
    scope: Scope,
    details: dict[int, Details],
    chosen: str,
    names: dict[str, str],
) -> Row:
    gaps = [gap for gap in GAPS if getattr(month, f"has_{gap.code}")]
    found = details.get(month.household_id)
    household = month.household
    is_here = scope.covers(household.county, household.township, household.village)
    return Row(
        household=household if is_here else None,
        township=names.get(month.township, ""),
        village=names.get(month.village, ""),
        missing=[Missing(gap.label, _which(gap, found), gap.code == chosen) for gap in gaps],
        rules=sorted({rule.code for gap in gaps for rule in gap.rules}),
    )


def _which(gap: Gap, details: Details | None) -> str:
    """The members or the quarters that a gap is about."""
    if details is None:
        return ""
    if gap.code == "income_incomplete":
        return _(", ").join(f"{month:%Y-%m} – {add_months(month, 2):%Y-%m}" for month in details.quarters)
    members = details.names.get(gap.code, [])
    shown = _(", ").join(members[:MOST_NAMES])
    return f"{shown} …" if len(members) > MOST_NAMES else shown
