"""A small county, judged: households of the specialist's village and of the neighbour's, May and June 2022."""

import datetime as dt
import re

import pytest

from households.models import Household, Person
from households.privacy.seal import lookup_hash, seal
from households.registry.pinyin import pinyin_key
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.window import add_months
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

MAY, JUNE = dt.date(2022, 5, 1), dt.date(2022, 6, 1)
IDENTITY = "42052719800501123X"
PHONE = "13812345678"


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge


def give_income(
    household: Household, monthly: float, *, until: dt.date = JUNE, months: int = 24, source=None
) -> None:
    """The same wage in each of the last months."""
    for back in range(months):
        factories.income(
            household=household, amount=monthly, month=add_months(until, -back), batch=source, row_number=back + 2
        )


def without_tokens(response) -> str:
    """A page without what differs in every answer: tokens, and the address it repeats for the language switch."""
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", response.content.decode())


def named_household(head_name: str, *, village: str = VILLAGES[0], phone: str = "", **fields) -> Household:
    """A household that is found by its head's name or pinyin."""
    household = factories.household(village=village, head_name=head_name, **fields)
    household.head_pinyin = pinyin_key(head_name)
    household.phone_sealed = seal(phone) if phone else None
    household.save()
    return household


def named_person(household: Household, name: str, identity: str = "", **fields) -> Person:
    return factories.person(
        household=household,
        name=name,
        pinyin=pinyin_key(name),
        identity_sealed=seal(identity) if identity else None,
        identity_hash=lookup_hash(identity) if identity else None,
        **fields,
    )


@pytest.fixture
def poor(db) -> Household:
    """Below the line in May and June, uninsured member, high self-pay: a finding of nearly every rule."""
    ledger = factories.batch(kind="import", source="income", label="收入台账_2022.csv")
    bills = factories.batch(
        kind="import", source="medical", department="medical", month=JUNE, label="医保结算_2022-06.csv"
    )
    household = named_household("望山", phone=PHONE, lifted=True, category="unstable", eliminated=False)
    head = named_person(household, "望山", IDENTITY, is_head=True)
    named_person(household, "屈小云", insured=False, relation="之女")
    give_income(household, 600, months=12, source=ledger)
    give_income(household, 1500, until=add_months(JUNE, -12), months=12, source=ledger)
    for day in (3, 20):
        factories.bill(
            person=head,
            self_pay=6500,
            total_cost=20000,
            settled_on=dt.date(2022, 6, day),
            batch=bills,
            row_number=day,
        )
    return household


@pytest.fixture
def hidden(db) -> Household:
    """A household of the neighbour, poor as well."""
    household = named_household("外山", village=ELSEWHERE)
    named_person(household, "外山", "420527197001011233", is_head=True)
    give_income(household, 100)
    return household
