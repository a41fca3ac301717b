"""Reports follow their alerts: when those are verified, go to another village, or move with their household."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection
from django.dispatch import receiver

from alerts.reports.due import set_answer_days, take_answers_up_again
from alerts.travel.moves import alert_moved
from households.registry.moving import Move, households_moved

# Whoever looks into it reads what was written; another village of the township, where it was handed over.
FOLLOW = """
UPDATE alerts_report AS report
SET township = alert.township, village = coalesce(alert.handled_in, alert.village)
FROM alerts_alert AS alert
WHERE report.alert_id = alert.id AND {which} AND alert.village IS NOT NULL
  AND report.village IS DISTINCT FROM coalesce(alert.handled_in, alert.village)
"""
CHECKED_BY = {"verify", "close", "close_together", "dismiss", "send_back", "reopen", "return"}
# What was found does not hold any more: what was answered from it does not, either.
CHECKED_AGAIN_BY = {"send_back", "reopen"}


@receiver(alert_moved)
def follow_alerts(alert_ids: Collection[int], move: str, on: date, **_signal: object) -> None:
    if move in CHECKED_AGAIN_BY:
        take_answers_up_again(alert_ids=alert_ids)
    if move in CHECKED_BY:
        set_answer_days(alert_ids=alert_ids, on=on)
    if move in {"transfer", "refuse"}:
        with connection.cursor() as cursor:
            cursor.execute(FOLLOW.format(which="alert.id = ANY(%s)"), (list(alert_ids),))


@receiver(households_moved)
def follow_households(moves: Sequence[Move], **_signal: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOW.format(which="alert.household_id = ANY(%s) AND alert.closed_at IS NULL"),
            ([move.household_id for move in moves],),
        )
