from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self):
        from alerts.travel import moving  # noqa: F401, PLC0415  listens to households that move
