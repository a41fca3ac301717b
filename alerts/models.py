"""Re-exports: the models of the rooms."""

from alerts.areawide.models import AreaEvent, AreaEventVillage
from alerts.notices.models import Delivery, DeliveryState, Gateway, Notice, NoticeTemplate, Way
from alerts.reports.models import Report, ReportState, Source
from alerts.travel.models import Alert, AlertKind, AlertStatus, Holder, Outcome, Reason, Verdict

__all__ = [
    "Alert",
    "AlertKind",
    "AlertStatus",
    "AreaEvent",
    "AreaEventVillage",
    "Delivery",
    "DeliveryState",
    "Gateway",
    "Holder",
    "Notice",
    "NoticeTemplate",
    "Outcome",
    "Reason",
    "Report",
    "ReportState",
    "Source",
    "Verdict",
    "Way",
]
