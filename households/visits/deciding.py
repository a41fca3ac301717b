"""The township decides what a visit said against the register."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.evidence.announcing import announce
from households.evidence.models import BatchKind, EvidenceBatch, IncomeLine
from households.evidence.services import open_batch
from households.imports.locking import lock_register
from households.ledger.services import record_event, write_audit
from households.refusal import NotPossible
from households.registry.models import Household
from households.staff.models import User
from households.visits.models import AnswerState, VisitAnswer
from households.visits.register import Register, register_values
from households.visits.writing import Additions

RIGHT = "visits.decide"
SOURCE = "visit_change"
REASON_LENGTH = 300


@transaction.atomic
def decide(*, answers: Sequence[int], accept: bool, reason: str, by: User) -> list[VisitAnswer]:
    """Accepts or declines change requests, all of them or none; in the order of their ids.

    What is accepted becomes evidence of the visit's day, or of the newest fact's where that is later. A line of
    the ledger takes the place of the one of its month, kind and item. Where the register says the same by now
    nothing is written. Raises ``NotPossible`` for what is out of sight or decided already, and for declining
    without a reason (field ``reason``).
    """
    if not by.has_perm(RIGHT):
        raise PermissionDenied
    reason = reason.strip()
    if not accept and not reason:
        raise NotPossible(_("Say why."), "reason")
    if len(reason) > REASON_LENGTH:
        raise NotPossible(_("At most %(count)s characters.") % {"count": REASON_LENGTH}, "reason")
    lock_register()
    rows = _lock(answers, by)
    batch = _accept(rows, reason, by) if accept else None
    for row in rows:
        row.state = AnswerState.ACCEPTED if accept else AnswerState.DECLINED
        row.decided_by, row.decided_at, row.decision, row.decided_in = by, timezone.now(), reason, batch
    VisitAnswer.objects.bulk_update(rows, ["state", "decided_by", "decided_at", "decision", "decided_in"])
    _tell(rows, "visit_answer_accepted" if accept else "visit_answer_declined", by)
    if batch is not None:
        announce(batch)
    return rows


def _lock(answers: Sequence[int], by: User) -> list[VisitAnswer]:
    """Households before their answers, each in the order of ids, like everybody who locks them."""
    asked = VisitAnswer.objects.visible_to(by).filter(pk__in=answers)
    households = Household.objects.visible_to(by).filter(visits__answers__in=asked).values("pk")
    seen = {row.pk for row in Household.objects.filter(pk__in=households).order_by("pk").select_for_update()}
    found = asked.filter(visit__household__in=seen).order_by("pk").select_related("visit__household", "decided_by")
    rows = list(found.select_for_update(of=("self",)))
    if not answers or {row.pk for row in rows} != set(answers):
        raise NotPossible(_("This household is not in your area any more."))
    for row in rows:
        _check_waits(row)
    return rows


def _check_waits(row: VisitAnswer) -> None:
    if row.state == AnswerState.ACCEPTED:
        raise NotPossible(_("%(name)s has accepted this already.") % {"name": row.decided_by})
    if row.state == AnswerState.DECLINED:
        raise NotPossible(_("%(name)s has declined this already.") % {"name": row.decided_by})
    if row.state != AnswerState.ASKED:
        raise NotPossible(_("There is nothing to decide: the register does not say otherwise."))


def _accept(rows: Sequence[VisitAnswer], reason: str, by: User) -> EvidenceBatch:
    households = {row.visit.household_id: row.visit.household for row in rows}
    for household in households.values():
        if household.gone_on is not None:
            raise NotPossible(
                _("This household is gone since %(day)s.") % {"day": f"{household.gone_on:%Y-%m-%d}"}
            )
    months = {row.month for row in rows if row.month is not None}
    registers = register_values(sorted(households), months)
    batch = open_batch(kind=BatchKind.DESK, source=SOURCE, reason=reason, by=by)
    additions = Additions(batch)
    facts: dict[tuple[int, int | None], list[VisitAnswer]] = defaultdict(list)
    replaced: list[int] = []
    for row in sorted(rows, key=lambda row: (row.visit.visited_on, row.pk)):
        if row.month is not None:
            replaced += _put_line(row, row.month, registers[row.visit.household_id], additions)
        else:
            facts[row.visit_id, row.person_id].append(row)
    for of_one in facts.values():
        _put_fact(of_one, registers[of_one[0].visit.household_id], additions)
    IncomeLine.objects.filter(pk__in=replaced).update(replaced_in=batch)
    additions.write()
    return batch


def _put_line(row: VisitAnswer, month: date, register: Register, additions: Additions) -> list[int]:
    """The lines whose place it takes: those of its month, kind and item with other amounts."""
    key, amount = (month, row.kind, row.item), str(row.said)
    there = [line for line in register.lines if (line.month, line.kind, line.item) == key]
    others = [line for line in there if line.amount != Decimal(amount)]
    if any(line.pk is None for line in others):
        raise NotPossible(_("Two visits say different amounts of the same line: accept one of them."))
    register.lines = [line for line in register.lines if line not in others]
    if len(others) == len(there):
        additions.add_line(register, row.visit.household_id, *key, amount)
    return [line.pk for line in others]


def _put_fact(rows: Sequence[VisitAnswer], register: Register, additions: Additions) -> None:
    """What one visit said of the household or of one person is one fact."""
    visit, person = rows[0].visit, rows[0].person_id
    if person is not None and person not in register.persons:
        raise NotPossible(_("This person does not belong to the household any more."))
    known = register.household if person is None else register.persons[person]
    said = {row.field: row.said for row in rows if known[row.field] != row.said}
    if said and person is None:
        additions.add_household_fact(register, visit.household_id, visit.visited_on, said)
    elif said and person is not None:
        additions.add_person_fact(register, person, visit.visited_on, said)


def _tell(rows: Sequence[VisitAnswer], kind: str, by: User) -> None:
    """One event and one row of the trail for each household: ids only."""
    of_household: dict[int, list[VisitAnswer]] = defaultdict(list)
    for row in rows:
        of_household[row.visit.household_id].append(row)
    for pk, decided in of_household.items():
        ids = [row.pk for row in decided]
        batch = decided[0].decided_in_id
        place = decided[0].visit.household
        record_event(
            kind=kind, subject="household", subject_id=pk, place=place, actor=by, detail={"visit_answers": ids}
        )
        write_audit(action=kind, actor=by, subject="household", subject_id=pk, answers=ids, batch=batch)
