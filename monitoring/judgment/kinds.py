"""The rules as kinds of alerts: alert pages read these rows, since they may not import the rules."""

from django.db import connection

from alerts.models import AlertKind
from monitoring.rules import RULES


def sync_alert_kinds(**_kwargs: object) -> None:
    """After migrate: one row a rule, with today's names. Rules that are gone stay as inactive kinds."""
    if AlertKind._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    rows = [
        AlertKind(
            code=rule.code,
            name_zh=rule.name_zh,
            name_en=rule.name_en,
            department=rule.department,
            risk=rule.risk,
            nature=rule.nature,
            basis=rule.basis,
            position=position,
            active=True,
        )
        for position, rule in enumerate(RULES)
    ]
    fields = ["name_zh", "name_en", "department", "risk", "nature", "basis", "position", "active"]
    AlertKind.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    AlertKind.objects.filter(channel="rule").exclude(code__in=[rule.code for rule in RULES]).update(active=False)
