"""Each second: what has become visible gets its number."""

from celery import shared_task

from households.ledger.publishing import chain_audit, publish_events


@shared_task(name="households.ledger.tasks.publish_ledger")
def publish_ledger() -> dict[str, int]:
    return {"events": publish_events(), "audit": chain_audit()}
