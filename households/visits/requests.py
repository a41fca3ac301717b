"""Change requests (变更申请): what visits said against the register, beside what the register says by now.

All of a page is read at once: a constant number of statements however many visits it shows.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from households.areas.scope import Placed
from households.evidence.models import EvidenceBatch, IncomeLine
from households.registry.models import HouseholdFact, PersonFact
from households.visits.models import AnswerState, VisitAnswer
from households.visits.register import (
    Register,
    household_values,
    person_values,
    register_values,
)


@dataclass(frozen=True)
class Now:
    """What the register says today of one answer; None: nothing is known.

    ``others``: other lines of the ledger of that month and kind, item → amount. ``changed_in``: the batch in which
    it became another value than when the visit came in, None where it did not. ``is_member``: whether the person
    still belongs to the household.
    """

    value: Any
    others: dict[str, str] = field(default_factory=dict)
    changed_in: EvidenceBatch | None = None
    is_member: bool = True


def requests_of(who: Placed) -> QuerySet[VisitAnswer]:
    """What waits in the scope of ``who``: where the household lived when it was visited."""
    return VisitAnswer.objects.visible_to(who).filter(state=AnswerState.ASKED)


def now_beside(answers: Sequence[VisitAnswer]) -> dict[int, Now]:
    """Answer's id → what stands today. ``answers`` with their visits and batches. At most eight statements."""
    households = sorted({answer.visit.household_id for answer in answers})
    months = {answer.month for answer in answers if answer.month is not None}
    registers = register_values(households, months)
    told = {answer.pk: _now(answer, registers[answer.visit.household_id]) for answer in answers}
    changed = [answer for answer in answers if told[answer.pk].value != answer.stood and told[answer.pk].is_member]
    batches = _Changes(changed, {pk: now.value for pk, now in told.items()}).batches()
    return {
        pk: Now(now.value, now.others, batches.get(pk), now.is_member) if pk in batches else now
        for pk, now in told.items()
    }


def _now(answer: VisitAnswer, register: Register) -> Now:
    if answer.month is not None:
        items = register.income.get((answer.month, answer.kind), {})
        others = {item: amount for item, amount in items.items() if item != answer.item}
        return Now(items.get(answer.item), others)
    if answer.person_id is None:
        return Now(register.household.get(answer.field))
    known = register.persons.get(answer.person_id)
    return Now(None, is_member=False) if known is None else Now(known.get(answer.field))


@dataclass
class _Changes:
    """Finds the batch that brought the value of today. ``now``: answer's id → that value."""

    answers: list[VisitAnswer]
    now: dict[int, Any]

    def batches(self) -> dict[int, EvidenceBatch]:
        return self._of_household() | self._of_persons() | self._of_ledger()

    def _of_household(self) -> dict[int, EvidenceBatch]:
        asked = [one for one in self.answers if one.person_id is None and one.month is None]
        if not asked:
            return {}
        owners = {one.visit.household_id for one in asked}
        rows = HouseholdFact.objects.current().filter(household__in=owners)
        facts = _by_owner(rows.order_by("as_of", "batch_id", "pk").select_related("batch__actor"), "household_id")
        return self._brought(
            asked, {pk: facts[one.visit.household_id] for pk, one in _by_pk(asked)}, household_values
        )

    def _of_persons(self) -> dict[int, EvidenceBatch]:
        asked = [one for one in self.answers if one.person_id is not None]
        if not asked:
            return {}
        rows = PersonFact.objects.current().filter(person__in={one.person_id for one in asked})
        facts = _by_owner(rows.order_by("as_of", "batch_id", "pk").select_related("batch__actor"), "person_id")
        return self._brought(asked, {pk: facts[one.person_id or 0] for pk, one in _by_pk(asked)}, person_values)

    def _brought(self, asked, facts, values) -> dict[int, EvidenceBatch]:
        """The first of the newest facts in a row that say what the register says today."""
        found = {}
        for answer in asked:
            for fact in reversed(facts[answer.pk]):
                if values(fact).get(answer.field) != self.now[answer.pk]:
                    break
                found[answer.pk] = fact.batch
        return found

    def _of_ledger(self) -> dict[int, EvidenceBatch]:
        """The newest batch that wrote a line of the month, kind and item, or took one away."""
        asked = [one for one in self.answers if one.month is not None]
        if not asked:
            return {}
        keys = Q()
        for one in asked:
            keys |= Q(household=one.visit.household_id, month=one.month, kind=one.kind, item=one.item)
        newest: dict[tuple[int, date, str, str], EvidenceBatch] = {}
        for line in IncomeLine.objects.filter(keys).select_related("batch__actor", "replaced_in__actor"):
            key = (line.household_id, line.month, line.kind, line.item)
            for batch in (line.batch, line.replaced_in):
                if batch is not None and (key not in newest or batch.pk > newest[key].pk):
                    newest[key] = batch
        places = {one.pk: (one.visit.household_id, one.month, one.kind, one.item) for one in asked}
        return {pk: newest[key] for pk, key in places.items() if key in newest}


def _by_pk(answers: Iterable[VisitAnswer]) -> Iterable[tuple[int, VisitAnswer]]:
    return ((answer.pk, answer) for answer in answers)


def _by_owner(rows, column: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def stamp_of(answer: VisitAnswer, now: Now) -> str:
    """What the register says beside an answer, in one word: whoever decides has seen this and nothing else."""
    seen = json.dumps([answer.pk, now.value, now.others, now.is_member], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]
