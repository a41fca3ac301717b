"""Alerts of a household that moves: their place follows by a composite key, and both villages are told."""

from collections.abc import Sequence

from django.db import connection
from django.dispatch import receiver
from django.utils.translation import gettext as _

from alerts.transitions import DISPATCHED, RAISED
from alerts.travel.models import Alert
from households.models import Household
from households.registry.moving import Matter, Move, households_moved, open_matters

TELL = """
INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                              level_after, county, township, village, village_before, actor_id)
SELECT now(), told.kind, 'alert', alert.id, alert.status, alert.status, alert.level, alert.level,
       area.county, area.township, area.village, told.village_before, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS move (household_id, village_before, village)
JOIN alerts_alert AS alert ON alert.household_id = move.household_id AND alert.closed_at IS NULL
CROSS JOIN LATERAL (VALUES ('alert_left', move.village_before, NULL),
                           ('alert_moved', move.village, move.village_before))
    AS told (kind, village, village_before)
JOIN households_area AS area ON area.code = told.village
ORDER BY alert.id, told.kind
"""


@receiver(households_moved)
def tell_alerts_moved(moves: Sequence[Move], actor_id: int | None, **_signal: object) -> None:
    """An event in the old and one in the new village for each open alert. The update of the place locked them."""
    with connection.cursor() as cursor:
        cursor.execute(
            TELL,
            (
                actor_id,
                [move.household_id for move in moves],
                [move.village_before for move in moves],
                [move.village for move in moves],
            ),
        )


@receiver(open_matters)
def open_alerts_of(household: Household, **_signal: object) -> list[Matter]:
    """Open alerts, each as a sentence. Whoever was sent one has it in hand; one merely raised nobody has yet."""
    alerts = (
        Alert.objects.filter(household=household, closed_at__isnull=True).select_related("kind").order_by("id")
    )
    return [
        Matter(
            _("%(level)s alert “%(kind)s”, %(status)s")
            % {"level": alert.get_level_display(), "kind": alert.kind.name, "status": alert.get_status_display()},
            alert.status not in (RAISED, DISPATCHED),
        )
        for alert in alerts
    ]
