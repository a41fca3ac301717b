from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self):
        from alerts.areawide import reopening  # noqa: F401, PLC0415  listens to alerts that are opened again
        from alerts.areawide.kinds import sync_area_kinds  # noqa: PLC0415  models are not ready before
        from alerts.reports import following  # noqa: F401, PLC0415  listens to alerts that move on
        from alerts.reports.kinds import sync_report_kinds  # noqa: PLC0415  models are not ready before
        from alerts.travel import counted, lending, moving, orphans  # noqa: F401, PLC0415  listen to who moves

        post_migrate.connect(sync_area_kinds, sender=self, dispatch_uid="sync_area_kinds")
        post_migrate.connect(sync_report_kinds, sender=self, dispatch_uid="sync_report_kinds")
