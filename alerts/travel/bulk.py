"""One move for many alerts of a worklist: what was ticked, as it was seen, or all that match."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from alerts.travel.given import Given
from alerts.travel.models import Alert
from alerts.travel.mover import Mover
from alerts.travel.moves import MoveResult, move_many
from alerts.travel.worklist import WorkFilterSet, in_order
from households.filtering import parse_whole_number

# Moves that one may make for many at once, the likeliest first: whoever can send it down does that before
# taking it. What somebody found at a door is said one by one.
BULK = ("dispatch", "acknowledge", "review", "close", "send_back", "return", "dismiss")
HIGHEST = 300

# Alerts by id, each with the stamp under which it was seen.
Picked = dict[int, str]


def read_picked(values: Iterable[str]) -> Picked:
    """``["12:2026-11-24T…"]`` as the ticks of the page send it. Raises ``ValueError``."""
    picked = {}
    for value in values:
        pk, _colon, stamp = value.partition(":")
        picked[parse_whole_number(pk)] = stamp
    if len(picked) > HIGHEST:
        raise ValueError("more than may be moved at once")
    return picked


def pick_all(filters: WorkFilterSet) -> tuple[Picked, int]:
    """The first ``HIGHEST`` of the tab as they stand now, and how many there are. Raises ``BadParameters``."""
    listed = filters.listed
    first = in_order(listed).only("changed_at")[:HIGHEST]
    return {alert.pk: alert.stamp for alert in first}, listed.count()


@transaction.atomic
def move_picked(*, picked: Picked, move: str, given: Given, by: Mover) -> list[MoveResult]:
    """Moves what still is as it was seen; the others say that somebody was there meanwhile. In the order picked.

    Raises ``MoveRefused`` when what was given is not enough for any of them. At most ``HIGHEST`` at once; three
    hundred take a few statements. Locked in the order of ids, as every move locks.
    """
    visible = Alert.objects.visible_to(by).filter(pk__in=picked)
    now = {alert.pk: alert.stamp for alert in visible.order_by("pk").select_for_update(of=("self",))}
    changed = {pk for pk, stamp in picked.items() if pk in now and now[pk] != stamp}
    made = {
        result.alert_id: result for result in move_many(ids=picked.keys() - changed, move=move, given=given, by=by)
    }
    sentence = _("Somebody changed it after you ticked it: look again.")
    return [made.get(pk) or MoveResult(pk, False, sentence) for pk in picked]
