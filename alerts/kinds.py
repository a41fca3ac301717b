"""Words that rules and alert pages share: level, nature, channel, risk. Plain tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertLevel(models.TextChoices):
    """Red: verify within 3 days; yellow: 7; blue: 15 (calendar days, ``alerts.sla``)."""

    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")


class Nature(models.TextChoices):
    """A state can stop being found, and a person is asked; an event happened once and says nothing more."""

    STATE = "state", _("State")
    EVENT = "event", _("Event")


class Risk(models.TextChoices):
    """Types of risk (致贫返贫风险), the words of the national form."""

    ILLNESS = "illness", _("Illness")
    SCHOOLING = "schooling", _("Schooling")
    DISABILITY = "disability", _("Disability")
    DISASTER = "disaster", _("Natural disaster")
    ACCIDENT = "accident", _("Accident")
    PROJECT = "project", _("Failed business project")
    EMPLOYMENT = "employment", _("Unstable employment")
    LABOUR = "labour", _("Lack of labour")
    HOUSING = "housing", _("Unsafe housing")
    WATER = "water", _("Unsafe drinking water")
    INSURANCE = "insurance", _("No medical insurance")
    INCOME = "income", _("Low income")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    """Where an alert comes from (监测方式)."""

    RULE = "rule", _("Monthly judgment")
    VISIT = "visit", _("Visit")
    SELF = "self", _("Villager's own report")
    HOTLINE = "hotline", _("Hotline or petition")
    DESK = "desk", _("Township or county entry")
