"""Poor households for tests of replaying, and what the command says of a run."""

import datetime as dt

from django.core.management import call_command

from households.models import Household
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import add_months
from tests import factories
from tests.judgment.conftest import JUNE

HERE, NEXT, ELSEWHERE = "420527103204", "420527103206", "420527101201"


def poor_household(village=HERE, members=2, **fields) -> Household:
    """Below the line, with a member who is not insured and a large bill."""
    household = factories.household(village=village, lifted=True, category="", eliminated=False, **fields)
    factories.person(household=household, is_head=True)
    for _index in range(members - 1):
        factories.person(household=household, insured=False, born_on=dt.date(2012, 3, 4))
    for back in range(24):
        factories.income(household=household, amount=500, month=add_months(JUNE, -back))
    head = household.memberships.get(is_head=True).person
    factories.bill(person=head, self_pay=12000, batch=factories.medical_list(JUNE))
    return household


def five_and_one() -> list[Household]:
    """A cluster in one village, and a household in another township."""
    return [*(poor_household() for _index in range(5)), poor_household(village=ELSEWHERE)]


def replay_by_command(capsys, run: JudgmentRun) -> tuple[int, str]:
    """Exit code and output of the command."""
    try:
        call_command("judge_month", "--replay", str(run.pk))
    except SystemExit as left:
        return left.code, capsys.readouterr().out
    return 0, capsys.readouterr().out
