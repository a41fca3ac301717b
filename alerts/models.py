"""Re-exports: the models of the rooms."""

from alerts.travel.models import Alert, AlertKind, AlertStatus

__all__ = ["Alert", "AlertKind", "AlertStatus"]
