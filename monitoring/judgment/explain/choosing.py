"""Which judgment is explained when only a month is named."""

from datetime import date

from django.db.models import F

from monitoring.judgment.models import JudgmentRun, RunState


class NotJudged(Exception):
    """The month was never judged, or the run is not one of this month or not finished."""


def run_of_month(month: date, run_id: int | None = None) -> JudgmentRun:
    """The sealed judgment of a month; without one, the newest that is finished. ``run_id`` names another.

    Raises ``NotJudged``.
    """
    done = JudgmentRun.objects.filter(state=RunState.DONE)
    if run_id is None:
        newest = F("sealed_at").desc(nulls_last=True), "-revision"
        run = done.monthly().filter(month=month).order_by(*newest).first()
    else:
        run = done.filter(pk=run_id).first()
    if run is None or month not in (run.month, run.event_month):
        raise NotJudged
    return run
