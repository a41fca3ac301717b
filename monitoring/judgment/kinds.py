"""The rules as kinds of alerts: alert pages read these rows, since they may not import the rules."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from alerts.models import AlertKind
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import VILLAGE, VISITS


def sync_alert_kinds(**_kwargs: object) -> None:
    """After migrate: one row a rule, with today's names. Rules that are gone stay as inactive kinds."""
    if AlertKind._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    rows = [
        AlertKind(
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            department=rule.department,
            risk=rule.risk,
            nature=rule.nature,
            basis=rule.basis,
            measure=next(iter(rule.values)),
            worse=rule.worse,
            fresh=rule.fresh,
            position=position,
            active=True,
        )
        for position, (code, name_zh, name_en, rule) in enumerate(_kinds())
    ]
    fields = [field.name for field in AlertKind._meta.fields if field.name not in ("code", "channel")]
    AlertKind.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    AlertKind.objects.filter(channel="rule").exclude(code__in=[row.code for row in rows]).update(active=False)


def _kinds() -> Iterator[tuple[str, str, str, Rule]]:
    """Code, names and the rule behind each kind: one a rule, and for a cluster one for each rule it is of.

    What visits find are kinds of reports (``alerts.reports.kinds``): a specialist's report has the same.
    """
    for rule in RULES:
        if rule.reads == VISITS:
            continue
        if rule.reads != VILLAGE:
            yield rule.code, rule.name_zh, rule.name_en, rule
            continue
        for of in RULES:
            if of.counted:
                names = f"{rule.name_zh}：{of.name_zh}", f"{rule.name_en}: {of.name_en}"
                # Five accidents are new next month as each of them is; five households below the line are not.
                yield f"{rule.code}.{of.code}", *names, replace(rule, risk=of.risk, fresh=of.fresh)
