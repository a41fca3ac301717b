"""A household moves: to another village, out of the county, or back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import present_members, retire_household
from households.desk.places import Village, village_for
from households.evidence.models import EvidenceBatch
from households.registry.models import Household, HouseholdMove
from households.registry.moving import Move, tell_moved

OUT_OF_COUNTY = "out"


@transaction.atomic
def move_household(*, household_id: int, on: date, village: str, reason: str, token: str, by) -> Household:
    """From ``on`` the household lives in ``village`` (12 digits), or nowhere in the county (``OUT_OF_COUNTY``).

    Its alerts follow, and both villages are told; what was judged of earlier months stays where it was. Out of
    the county it is judged no more from the month of ``on``; its alerts stay open until a person closes them, and
    its members stay members, so that it can come back: then it moves again.

    Raises ``NotPossible`` (fields ``on``, ``village``).
    """
    if done := take_turn(cause=Cause.MOVE, token=token, by=by):
        return done
    (household,) = lock_households(household_id, by=by, also_gone=True)
    _check_order(household, on)
    batch = open_change(cause=Cause.MOVE, reason=reason, on=on, by=by)
    if village == OUT_OF_COUNTY:
        return _leave_county(household, on, batch, token)
    return _settle(household, village_for(village, on=on, by=by), on, batch, token)


def _check_order(household: Household, on: date) -> None:
    """Moves are entered in the order in which they happened."""
    last = HouseholdMove.objects.current().filter(household=household).order_by("-since", "-id").first()
    if last is not None and on < last.since:
        day = f"{last.since:%Y-%m-%d}"
        raise NotPossible(
            _("What is known of its home begins on %(day)s; choose a later day.") % {"day": day}, "on"
        )


def _leave_county(household: Household, on: date, batch: EvidenceBatch, token: str) -> Household:
    if household.gone_on is not None:
        raise NotPossible(_("The household is gone already."), "village")
    retire_household(household=household, on=on, batch=batch)
    close_change(
        batch=batch,
        households=[household],
        token=token,
        on=on,
        event="household_gone",
        village_before=household.village,
    )
    return household


def _settle(household: Household, area: Village, on: date, batch: EvidenceBatch, token: str) -> Household:
    before = household.village
    if household.gone_on is None and before == area.code:
        raise NotPossible(_("The household lives in this village already."), "village")
    if household.gone_on is not None and not present_members(household):
        raise NotPossible(_("Nobody belongs to this household any more; it cannot come back."))
    HouseholdMove.objects.create(
        household=household, since=on, village_before=before, village=area.code, batch=batch
    )
    household.county, household.township, household.village = area.county, area.township, area.code
    household.hamlet = household.hamlet if before == area.code else ""
    household.gone_on = None
    household.save(update_fields=["county", "township", "village", "hamlet", "gone_on"])
    stays = before == area.code
    if not stays:
        tell_moved(moves=[Move(household.pk, before, area.code)], actor_id=batch.actor_id)
    close_change(
        batch=batch,
        households=[household],
        token=token,
        on=on,
        event="household_back" if stays else "",
        village_before=before,
        village=area.code,
    )
    return household
