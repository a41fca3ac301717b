"""What a tablet takes along of one village: everything needed at the door and nothing else (``fields.py``).

A constant number of statements, however many households.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.models import Alert, AlertKind, AlertStatus
from alerts.travel.mover import Mover
from households.ages import age_on
from households.ledger.services import write_audit
from households.models import Area, Household, HouseholdFact, IncomeLine, Membership, PersonFact, Sex, Visit
from households.privacy.seal import unseal
from households.staff.models import User
from households.visits.campaigns import concerned, done, open_campaigns
from households.visits.models import AnswerState, VisitAnswer
from households.visits.register import Register, register_values
from monitoring.judgment.models import HouseholdMonth
from monitoring.tablet.checks import check_of
from monitoring.tablet.verifying import may_verify
from monitoring.visiting.due import Due, due_of

# Of the last visit's words; the whole of it stands on its page.
LONGEST_WORDS = 200
# Campaigns are taken along so many days before they begin: on the first day there may be no network.
AHEAD_DAYS = 7
OF_ALERT = ("kind_id", "level", "sentence_zh", "sentence_en", "status", "due_on")
ROWS = dict[str, Any]


@dataclass(frozen=True)
class Pulled:
    """``body``: the JSON as it is sent. ``digest``: equal for equal content, whenever it was pulled."""

    body: bytes
    digest: str
    count: int


def pull_village(*, village: Area, by: User) -> Pulled:
    """Everything of one village, which the caller has found in the scope of ``by``."""
    today = timezone.localdate()
    households = list(Household.objects.visible_to(by).filter(village=village.code, gone_on__isnull=True))
    campaigns = open_campaigns(village.code, today, ahead=AHEAD_DAYS)
    content = {
        "village": {"code": village.code, "name": village.short_name},
        "households": _households(households, campaigns, by, today),
        "campaigns": [
            {
                "id": one.pk,
                "name": one.name,
                "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "words": one.words,
            }
            for one in campaigns
        ],
    }
    digest = hashlib.sha256(_json(content)).hexdigest()[:32]
    body = _json({"pulled_at": timezone.now().isoformat(timespec="seconds"), **content})
    return Pulled(body, digest, len(households))


def note_pull(*, village: Area, pulled: Pulled, by: User) -> None:
    """One line of audit a pull: where and how many, no names."""
    write_audit(action="tablet_pulled", actor=by, subject="area", subject_id=village.code, households=pulled.count)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _households(households: list[Household], campaigns: list, by: User, today: date) -> list[ROWS]:
    ids = [row.pk for row in households]
    months = _ledger_months(ids)
    registers = register_values(ids, months)
    dues = due_of(ids, today)
    members = _members(ids, registers, today)
    figures, visits, alerts = _figures(ids), _last_visits(ids), _alerts(ids, by)
    todo, requests = _campaigns_to_do(campaigns, ids), _open_requests(ids)
    return [
        {
            "id": row.pk,
            "head": row.head_name,
            "pinyin": row.head_pinyin,
            "hamlet": row.hamlet,
            "phone": unseal(row.phone_sealed) if row.phone_sealed else "",
            "status": _status(registers[row.pk].household_fact),
            "due": _due(dues[row.pk]),
            "members": members[row.pk],
            "register": {name: registers[row.pk].household.get(name) for name in ("house_grade", "safe_water")},
            "income": _income(registers[row.pk]),
            "figures": figures.get(row.pk),
            "last_visit": visits.get(row.pk),
            "alerts": alerts[row.pk],
            "campaigns": todo[row.pk],
            "open_requests": requests.get(row.pk, 0),
        }
        for row in households
    ]


def _ledger_months(ids: Collection[int]) -> list[date]:
    """The last two months that the village's ledger has lines of."""
    newest = IncomeLine.objects.current().filter(household_id__in=ids).aggregate(newest=Max("month"))["newest"]
    if newest is None:
        return []
    before = date(newest.year - (newest.month == 1), (newest.month - 2) % 12 + 1, 1)
    return [before, newest]


def _status(fact: HouseholdFact | None) -> str:
    """``Marginal household at risk of poverty (risk eliminated) · lifted``; "" where nothing is known."""
    if fact is None:
        return ""
    words = []
    if fact.category:
        category = fact.get_category_display()
        words.append(
            _("%(category)s, risk eliminated") % {"category": category} if fact.risk_eliminated else category
        )
    if fact.kind:
        words.append(fact.get_kind_display())
    return " · ".join(words)


def _due(due: Due) -> ROWS:
    return {"level": due.level, "last": _day(due.last), "due_on": _day(due.due_on), "state": str(due.state)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _members(ids: Collection[int], registers: dict[int, Register], today: date) -> dict[int, list[ROWS]]:
    """Today's members, the head first. What a visit may say of them is in the form's own writing.

    Only the columns that are given out are read of a person.
    """
    memberships = list(
        Membership.objects.current()
        .filter(household_id__in=ids, until__isnull=True)
        .select_related("person")
        .only("household_id", "relation", "person__name", "person__sex", "person__born_on")
        .order_by("household_id", "-is_head", "id")
    )
    sexes = _words(Sex)
    members: dict[int, list[ROWS]] = defaultdict(list)
    for one in memberships:
        register = registers[one.household_id]
        fact, known = register.person_facts.get(one.person_id), register.persons.get(one.person_id, {})
        members[one.household_id].append(
            {
                "id": one.person_id,
                "name": one.person.name,
                "relation": one.relation,
                "sex": sexes.get(one.person.sex or "", ""),
                "age": age_on(one.person.born_on, today),
                "labour": fact.labour if fact else "",
                **{name: known.get(name) for name in ("work_place", "work_months", "schooling", "dropout_reason")},
                "insured": _insured(fact),
            }
        )
    return members


def _insured(fact: PersonFact | None) -> bool | None:
    """None where the two columns do not say."""
    if fact is None:
        return None
    resident, employee = fact.resident_insurance, fact.employee_insurance
    if resident or employee:
        return True
    return False if resident is False and employee is False else None


def _income(register: Register) -> list[ROWS]:
    """Newest month first."""
    lines = sorted(register.income.items(), key=lambda line: (-line[0][0].toordinal(), line[0][1]))
    return [
        {"month": f"{month:%Y-%m}", "kind": kind, "item": item, "amount": amount}
        for (month, kind), items in lines
        for item, amount in items.items()
    ]


def _figures(ids: Collection[int]) -> dict[int, ROWS]:
    """The newest month in which each household was judged."""
    newest = (
        HouseholdMonth.objects.filter(household_id__in=ids)
        .order_by("household_id", "-month", "-run_id")
        .distinct("household_id")
    )
    return {
        pk: {"month": f"{month:%Y-%m}", "net_per_head": _per_head(net, members)}
        for pk, month, net, members in newest.values_list("household_id", "month", "net", "members")
    }


def _per_head(net: Decimal | None, members: int | None) -> str | None:
    return f"{net / members:.2f}" if net is not None and members else None


def _last_visits(ids: Collection[int]) -> dict[int, ROWS]:
    newest = (
        Visit.objects.current()
        .filter(household_id__in=ids)
        .order_by("household_id", "-visited_on", "-id")
        .distinct("household_id")
    )
    return {
        one.household_id: {
            "on": one.visited_on.isoformat(),
            "words": one.words[:LONGEST_WORDS],
            "method": one.method,
            "unchanged": one.unchanged,
        }
        for one in newest.only("household_id", "visited_on", "words", "method", "unchanged")
    }


def _alerts(ids: Collection[int], by: User) -> dict[int, list[ROWS]]:
    """Open alerts of each household, the most urgent first."""
    mover = Mover.of_user(by)
    rows = (
        Alert.objects.visible_to(by)
        .filter(household_id__in=ids, closed_at__isnull=True)
        .order_by("due_on", "id")
        .only(*OF_ALERT, "household_id", "village", "handled_in", "holder", "changed_at")
    )
    kinds = {kind.pk: {"name": kind.name, "check": check_of(kind)} for kind in AlertKind.objects.all()}
    statuses = _words(AlertStatus)
    alerts: dict[int, list[ROWS]] = defaultdict(list)
    for one in rows:
        alerts[one.household_id or 0].append(
            {
                "id": one.pk,
                "stamp": one.stamp,
                "level": one.level,
                **kinds[one.kind_id],
                "sentence": one.sentence,
                "status": statuses[one.status],
                "due_on": _day(one.due_on),
                "may_verify": may_verify(one, mover),
            }
        )
    return alerts


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """The labels in the language of now, asked for once and not for each row."""
    return {value: str(label) for value, label in choices.choices}


def _campaigns_to_do(campaigns: Iterable, ids: Collection[int]) -> dict[int, list[int]]:
    """The campaigns that still wait for a household; one statement a campaign, and few run at once."""
    todo: dict[int, list[int]] = defaultdict(list)
    for one in campaigns:
        waiting = done(one, concerned(one, among=Household.objects.filter(pk__in=ids)), yes=False)
        for pk in waiting.values_list("pk", flat=True):
            todo[pk].append(one.pk)
    return todo


def _open_requests(ids: Collection[int]) -> dict[int, int]:
    rows = VisitAnswer.objects.filter(visit__household_id__in=ids, state=AnswerState.ASKED).order_by()
    return dict(rows.values_list("visit__household_id").annotate(Count("id")))
