"""Makes the households of situations and judges them: open a run, work it, look what it found."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper
from django.utils import timezone

from households.models import (
    Area,
    BatchKind,
    EvidenceBatch,
    Household,
    HouseholdFact,
    IncomeLine,
    ListEntry,
    Threshold,
)
from monitoring.judgment.finding import threshold_columns
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.window import month_end, parse_month
from monitoring.rules import BY_CODE
from monitoring.rules.declaration import INDICATORS
from tests import factories
from tests.judgment.situation import Situation

COUNTY = "420527"
# Situations that say nothing of a village live here; each that does has one of its own.
VILLAGE = "420527103204"
VILLAGES_APART = "420527101"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Verdict:
    """What the run said: the level, "nothing", "unknown" or "refused"; what it stored and how it put it."""

    said: str
    values: dict[str, Any]
    sentence: str = ""


def judge_together(situations: list[Situation]) -> dict[str, Verdict]:
    """Name of the situation → verdict. Nothing of it stays in the database."""
    verdicts: dict[str, Verdict] = {}
    by_setting: dict[tuple, list[Situation]] = defaultdict(list)
    for situation in situations:
        by_setting[situation.setting].append(situation)
    for together in by_setting.values():
        with transaction.atomic():
            verdicts |= _judge(together)
            transaction.set_rollback(True)
    return verdicts


def _judge(situations: list[Situation]) -> dict[str, Verdict]:
    shared = situations[0]
    _override(shared.thresholds)
    own_villages = iter(Area.objects.filter(parent=VILLAGES_APART).order_by("code"))
    source = factories.batch()
    subjects = {situation.name: _make(situation, own_villages, source) for situation in situations}
    for month in sorted([*shared.sealed, *shared.judged]):
        _receive(shared.received, parse_month(month))
        _run(parse_month(month), sealed=month in shared.sealed)
    _receive(shared.received, shared.month)
    run = _run(shared.month)
    return {situation.name: _verdict(run, situation, *subjects[situation.name]) for situation in situations}


def _run(month: dt.date, *, sealed: bool = False) -> JudgmentRun:
    """The whole judgment of a month."""
    run = open_run(month=month)
    work_run(run.pk)
    run.refresh_from_db()
    if sealed:
        run.sealed_at = timezone.now()
        run.save(update_fields=["sealed_at"])
    return run


def _override(thresholds: dict[str, Any]) -> None:
    """The county's own value goes before the province's."""
    for code, value in thresholds.items():
        Threshold.objects.create(
            code=code,
            area_id=COUNTY,
            value=Decimal(str(value)),
            unit="",
            valid_from=dt.date(2000, 1, 1),
            standing="suggested",
            document="a situation",
        )


def _receive(lists: list[str], month: dt.date) -> None:
    for source in lists:
        factories.batch(kind=BatchKind.IMPORT, source=source, month=month)


def _make(situation: Situation, own_villages: Iterator[Area], source: EvidenceBatch) -> tuple[Household, str]:
    """The household a situation speaks of (of several alike the last), and the village it lives in."""
    village = next(own_villages).code if situation.village else VILLAGE
    for _number in range(situation.village.get("alike", 1)):
        household = _make_household(situation, village, source)
    beside = [_household(village, source) for _number in range(situation.village.get("beside", 0))]
    Household.objects.bulk_create(beside)
    return household, village


def _make_household(situation: Situation, village: str, source: EvidenceBatch) -> Household:
    household = _household(village, source)
    household.save()
    for facts in situation.facts:
        known = {"as_of": factories.LONG_AGO} | facts
        HouseholdFact.objects.create(household=household, batch=source, **known)
    persons = [
        _make_person(household, number, person, source) for number, person in enumerate(situation.people, 1)
    ]
    IncomeLine.objects.bulk_create(
        IncomeLine(
            household=household, month=line.month, kind=line.kind, item="", amount=line.amount, batch=source
        )
        for line in situation.lines
    )
    for given in situation.bills:
        bill = {"kind": "inpatient", "day": month_end(situation.month), "of": 1} | given
        factories.bill(
            person=persons[bill["of"] - 1],
            self_pay=bill["self_pay"],
            settled_on=bill["day"],
            visit_kind=bill["kind"],
            batch=source,
        )
    for given in situation.entries:
        _make_entry(persons, {"day": situation.month, "of": 1} | given, source)
    for given in situation.visits:
        visit = given if isinstance(given, dict) else {"day": given}
        factories.visit(household=household, on=visit["day"], risks=visit.get("risks", []), batch=source)
    return household


def _household(village: str, source: EvidenceBatch) -> Household:
    return Household(
        code=f"{village}{next(_numbers):06}",
        county=village[:6],
        township=village[:9],
        village=village,
        head_name="户主",
        batch=source,
    )


def _make_person(household: Household, number: int, said: dict[str, Any], source: EvidenceBatch):
    given = dict(said)
    is_head = given.pop("head", number == 1 and given.get("relation", "户主") == "户主")
    return factories.person(
        household=household,
        is_head=is_head,
        relation=given.pop("relation", "户主" if is_head else "其他"),
        born_on=given.pop("born", dt.date(1980, 5, 1)),
        since=given.pop("since", None),
        until=given.pop("until", None),
        insured=given.pop("insured", True),
        facts=given,
        batch=source,
    )


def _make_entry(persons: list, given: dict[str, Any], source: EvidenceBatch) -> None:
    person, day = persons[given.pop("of") - 1], given.pop("day")
    month = parse_month(given.pop("month")) if "month" in given else day.replace(day=1)
    ListEntry.objects.create(
        person=person,
        happened_on=day,
        month=month,
        batch=source,
        **({"kind": "", "grade": ""} | given | {"grade": str(given.get("grade", ""))}),
    )


def _verdict(run: JudgmentRun, situation: Situation, household: Household, village: str) -> Verdict:
    rule = BY_CODE[situation.rule]
    if rule.code in run.refused_rules:
        return Verdict("refused", {})
    subject = {"household": None, "village": village} if situation.is_of_village else {"household": household}
    found = Finding.objects.filter(run=run, rule=situation.finding, **subject).first()
    if found is not None:
        return Verdict(found.level, found.values, found.sentence_zh)
    return Verdict("unknown" if rule.reads == INDICATORS and _is_unknown(run, rule, household) else "nothing", {})


def _is_unknown(run: JudgmentRun, rule, household: Household) -> bool:
    """Whether the predicate is null of this household: neither found nor looked for and not found."""
    months = HouseholdMonth.objects.filter(run=run, household=household)
    fires = ExpressionWrapper(rule.predicate, output_field=BooleanField())
    return months.annotate(**threshold_columns(run, rule)).annotate(fires=fires).get().fires is None
