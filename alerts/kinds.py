"""Words that rules and alert pages share: level, nature, channel, risk. Plain tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.risks import Risk

__all__ = ["AlertLevel", "Channel", "Nature", "Risk"]


class AlertLevel(models.TextChoices):
    """Red: verify within 3 days; yellow: 7; blue: 15 (calendar days, ``alerts.sla``)."""

    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")


class Nature(models.TextChoices):
    """A state can stop being found, and a person is asked; an event happened once and says nothing more."""

    STATE = "state", _("State")
    EVENT = "event", _("Event")


class Channel(models.TextChoices):
    """Where an alert comes from (监测方式)."""

    RULE = "rule", _("Monthly judgment")
    VISIT = "visit", _("Visit")
    SELF = "self", _("Villager's own report")
    HOTLINE = "hotline", _("Hotline or petition")
    DESK = "desk", _("Township or county entry")
