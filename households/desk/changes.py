"""What every change at the desk has in common: its turn, its rows, its batch, and who is told.

A service is one transaction of four steps::

    if (done := take_turn(cause=Cause.SPLIT, token=token, by=by)):
        return done                                       # the same form was sent a second time
    (household,) = lock_households(pk, by=by)
    batch = open_change(cause=Cause.SPLIT, reason=reason, on=on, by=by)
    …                                                     # rows of evidence, each with ``batch``
    close_change(batch=batch, households=[household], on=on, token=token)
    return household                                      # whose page is shown next

A change is dated: of two sayings about one thing the later day wins, whoever said it. What the desk says of a day
stands until an export of a later day says otherwise (``docs/operations.md``).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.desk.days import day_problem
from households.evidence.announcing import announce
from households.evidence.models import BatchKind, EvidenceBatch
from households.evidence.services import open_batch
from households.imports.locking import lock_register
from households.ledger.models import AuditEntry
from households.ledger.services import record_event, write_audit
from households.refusal import NotPossible
from households.registry.models import Household


class Cause(models.TextChoices):
    """``EvidenceBatch.source`` of a batch of the desk."""

    NEW_HOUSEHOLD = "new_household", gettext_lazy("Household entered in the register")
    HOUSEHOLD_CODE = "household_code", gettext_lazy("National household number given")
    SPLIT = "split", gettext_lazy("Household split")
    MERGE = "merge", gettext_lazy("Households merged")
    MOVE = "move", gettext_lazy("Household moved")
    BIRTH = "birth", gettext_lazy("Birth")
    DEATH = "death", gettext_lazy("Death")
    MARRIAGE = "marriage", gettext_lazy("Marriage")
    LINE = "line", gettext_lazy("Ledger line corrected")
    BILL = "bill", gettext_lazy("Medical expense corrected")
    VISIT = "visit", gettext_lazy("Visit entered")
    # Written by ``households.visits.deciding``.
    VISIT_CHANGE = "visit_change", gettext_lazy("Change request of a visit accepted")

    @property
    def event(self) -> str:
        """``Event.kind`` of the households it changed."""
        return EVENTS[self]

    @property
    def action(self) -> str:
        """``AuditEntry.action``."""
        return f"desk_{self.value}"


EVENTS = {
    Cause.NEW_HOUSEHOLD: "household_entered",
    Cause.HOUSEHOLD_CODE: "household_numbered",
    Cause.SPLIT: "household_split",
    Cause.MERGE: "household_merged",
    Cause.MOVE: "household_moved",
    Cause.BIRTH: "household_birth",
    Cause.DEATH: "household_death",
    Cause.MARRIAGE: "household_marriage",
    Cause.LINE: "household_line_corrected",
    Cause.BILL: "household_bill_corrected",
    Cause.VISIT: "household_visited",
    Cause.VISIT_CHANGE: "visit_answer_accepted",
}


def take_turn(*, cause: Cause, token: str, by) -> Household | None:
    """Waits until nobody else writes into the register. The household of a form that was sent once already.

    ``token`` is the form's own (``ChangeForm``); a double click or a reload sends it twice and changes nothing.
    """
    lock_register()
    return done_before(token=token, by=by, causes=[cause])


def done_before(*, token: str, by, causes: Iterable[Cause] = Cause) -> Household | None:
    """The household whose page was shown when this form was sent before."""
    actions = [cause.action for cause in causes]
    entries = AuditEntry.objects.filter(action__in=actions, actor=by, detail__token=token)
    done = entries.order_by("id").first()
    return Household.objects.get(pk=int(done.subject_id)) if done else None


def lock_households(*pks: int, by, also_gone: bool = False) -> list[Household]:
    """The households, locked in the order of their ids and returned in the order asked for.

    Raises ``NotPossible`` for one that is gone, or that has moved out of the area of ``by`` meanwhile.
    """
    rows = Household.objects.visible_to(by).filter(pk__in=pks).order_by("pk").select_for_update()
    found = {row.pk: row for row in rows}
    for pk in pks:
        if pk not in found:
            raise NotPossible(_("This household is not in your area any more."))
        gone_on = found[pk].gone_on
        if gone_on is not None and not also_gone:
            raise NotPossible(_("This household is gone since %(day)s.") % {"day": f"{gone_on:%Y-%m-%d}"})
    return [found[pk] for pk in pks]


def open_change(*, cause: Cause, reason: str, by, on: date | None = None, label: str = "") -> EvidenceBatch:
    """The batch of a change, in the transaction that writes its rows. ``on``: the day from which it holds.

    The day itself stands in the rows; it is checked here so that no service writes into the future. Raises
    ``NotPossible`` without a reason.
    """
    if not reason.strip():
        raise NotPossible(_("Say why."), "reason")
    if on is not None and (problem := day_problem(on)):
        raise NotPossible(problem, "on")
    return open_batch(kind=BatchKind.DESK, source=cause, label=label, reason=reason.strip(), by=by)


def close_change(
    *,
    batch: EvidenceBatch,
    households: Sequence[Household],
    token: str,
    on: date | None = None,
    event: str | None = None,
    **detail: object,
) -> None:
    """The last line of a change: the audit trail, an event for each household, and the judgment at once.

    The first of ``households`` is the one whose page is shown next. ``event``: another kind than that of the
    cause, "" for none because it stands already. ``detail``: codes and counts, never a name.
    """
    cause = Cause(batch.source)
    kind = cause.event if event is None else event
    for household in households:
        write_audit(
            action=cause.action,
            actor=batch.actor,
            subject="household",
            subject_id=household.pk,
            day=f"{on:%Y-%m-%d}" if on else "",
            token=token,
            batch=batch.pk,
            **detail,
        )
        if kind:
            record_event(
                kind=kind, subject="household", subject_id=household.pk, place=household, actor=batch.actor
            )
    announce(batch)
