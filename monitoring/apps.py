from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self):
        from monitoring import checks  # noqa: F401, PLC0415  registers itself; models are not ready before
        from monitoring.judgment.kinds import sync_alert_kinds  # noqa: PLC0415  models are not ready before

        post_migrate.connect(sync_alert_kinds, sender=self, dispatch_uid="sync_alert_kinds")
