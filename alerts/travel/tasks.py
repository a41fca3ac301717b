"""Every ten minutes: what a leaver had goes on, what is due is reminded of, what is overdue goes a level up."""

from celery import shared_task

from alerts.travel.orphans import rehome_orphans
from alerts.travel.reminding import escalate_overdue, remind_holders


@shared_task
def watch_deadlines() -> dict[str, int]:
    """A leaver's alerts first, so that nobody is reminded of what another one has in hand now."""
    return {"rehomed": rehome_orphans(), "reminded": remind_holders(), "escalated": escalate_overdue()}
