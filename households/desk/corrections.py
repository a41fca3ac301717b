"""What an import said of money is corrected: the old row stays, stamped with the batch that replaced it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.evidence.models import EvidenceBatch, IncomeLine, MedicalBill
from households.registry.models import Household, Membership, Person
from households.staff.models import User

BILL_AMOUNTS = ("total_cost", "basic_paid", "serious_illness_paid", "aid_paid")


@transaction.atomic
def save_line(
    *,
    household: Household,
    month: date,
    kind: str,
    item: str,
    amount: Decimal,
    reason: str,
    token: str,
    by: User,
    line: IncomeLine | None = None,
) -> Household:
    """A line that was missing, or ``line`` put right. ``month`` is a first day, ``amount`` yuan.

    Raises ``NotPossible`` when the line was replaced meanwhile, says nothing else, or stands there already: an
    import knows a line by month, kind and item.
    """
    if done := take_turn(cause=Cause.LINE, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by, also_gone=True)
    lines = IncomeLine.objects.current().filter(household=household)
    wanted = {"month": month, "kind": kind, "item": item, "amount": amount}
    old = _current(lines, line)
    if old is not None and _is_same(old, wanted):
        raise NotPossible(_("Nothing is different from what stands there."), "amount")
    there = lines.filter(month=month, kind=kind, item=item)
    if there.exclude(pk=old.pk if old else None).exists() and not _keeps_key(old, month, kind, item):
        raise NotPossible(_("The ledger has a line of this month, kind and item: correct that one."), "item")
    new = IncomeLine(household=household, **wanted)
    batch = open_change(cause=Cause.LINE, reason=reason, by=by, label=_label(_line_words, old, new))
    _stamp(old, batch)
    new.batch = batch
    new.save(force_insert=True)
    close_change(batch=batch, households=[household], token=token, month=f"{month:%Y-%m}")
    return household


@transaction.atomic
def remove_line(*, household: Household, line: IncomeLine, reason: str, token: str, by: User) -> Household:
    """A line that was never true. It counts no more; what it said stays readable."""
    if done := take_turn(cause=Cause.LINE, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by, also_gone=True)
    old = _current(IncomeLine.objects.current().filter(household=household), line)
    batch = open_change(cause=Cause.LINE, reason=reason, by=by, label=_label(_line_words, old, None))
    _stamp(old, batch)
    close_change(batch=batch, households=[household], token=token, month=f"{line.month:%Y-%m}")
    return household


@transaction.atomic
def save_bill(
    *,
    household: Household,
    person: Person,
    settled_on: date,
    visit_kind: str,
    self_pay: Decimal,
    reason: str,
    token: str,
    by: User,
    bill: MedicalBill | None = None,
    **amounts: Decimal | None,
) -> Household:
    """A bill of somebody who belongs or belonged to the household: one that was missing, or ``bill`` put right.

    ``amounts``: those of ``BILL_AMOUNTS``, yuan, None for unknown. Raises ``NotPossible`` as ``save_line`` does.
    """
    if done := take_turn(cause=Cause.BILL, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by, also_gone=True)
    bills = _bills_of(household)
    wanted = {"settled_on": settled_on, "visit_kind": visit_kind, "self_pay": self_pay}
    wanted |= {name: amounts.get(name) for name in BILL_AMOUNTS}
    old = _current(bills, bill)
    if not Membership.objects.current().filter(household=household, person=person).exists():
        raise NotPossible(_("This person does not belong to the household any more."), "person")
    if old is not None and _is_same(old, wanted):
        raise NotPossible(_("Nothing is different from what stands there."), "self_pay")
    if bills.filter(person=person, **wanted).exists():
        raise NotPossible(_("This bill stands there already."), "self_pay")
    new = MedicalBill(person=person, **wanted)
    batch = open_change(cause=Cause.BILL, reason=reason, by=by, label=_label(_bill_words, old, new))
    _stamp(old, batch)
    new.batch = batch
    new.save(force_insert=True)
    close_change(batch=batch, households=[household], token=token, month=f"{settled_on:%Y-%m}")
    return household


@transaction.atomic
def remove_bill(*, household: Household, bill: MedicalBill, reason: str, token: str, by: User) -> Household:
    """A bill that was never true. It counts no more; what it said stays readable."""
    if done := take_turn(cause=Cause.BILL, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by, also_gone=True)
    old = _current(_bills_of(household), bill)
    batch = open_change(cause=Cause.BILL, reason=reason, by=by, label=_label(_bill_words, old, None))
    _stamp(old, batch)
    close_change(batch=batch, households=[household], token=token, month=f"{bill.settled_on:%Y-%m}")
    return household


def _bills_of(household: Household) -> QuerySet[MedicalBill]:
    members = Membership.objects.current().filter(household=household).values("person_id")
    return MedicalBill.objects.current().filter(person_id__in=members)


def _current(rows: QuerySet, row: Model | None) -> Any:
    """The row as it stands under the lock; None when none was meant."""
    if row is None:
        return None
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise NotPossible(_("Somebody has corrected this meanwhile. Look at what stands there now."))
    return found


def _is_same(row: Model, wanted: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in wanted.items())


def _keeps_key(old: IncomeLine | None, month: date, kind: str, item: str) -> bool:
    """Two lines of one key came with a file: each may be corrected in its amount."""
    return old is not None and (old.month, old.kind, old.item) == (month, kind, item)


def _label(words: Callable[[Any], tuple[str, str]], old: Model | None, new: Model | None) -> str:
    """What changed, for the history and beside the new row: nobody has to look for the one it replaced.

    In the language of the register, like every label of a batch.
    """
    with override(settings.LANGUAGE_CODE):
        if old is None or new is None:
            what = _("added: %(row)s") if old is None else _("removed: %(row)s")
            return what % {"row": " ".join(words(new or old))}
        before, after = words(old), words(new)
        if before[0] == after[0]:
            after = ("", after[1])
        return " → ".join(" ".join(filter(None, part)) for part in (before, after))


def _line_words(line: IncomeLine) -> tuple[str, str]:
    return f"{line.month:%Y-%m} {line.get_kind_display()} {line.item}", f"{line.amount:,.2f}"


def _bill_words(bill: MedicalBill) -> tuple[str, str]:
    return f"{bill.settled_on:%Y-%m-%d} {bill.get_visit_kind_display()}", f"{bill.self_pay:,.2f}"


def _stamp(old: Model | None, batch: EvidenceBatch) -> None:
    if old is not None:
        type(old)._default_manager.filter(pk=old.pk).update(replaced_in=batch)
