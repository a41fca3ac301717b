"""The alerts of area events as kinds, one row a risk. While such an alert is open, it covers its village."""

from django.db import connection
from django.utils import translation

from alerts.kinds import Channel, Nature
from alerts.travel.models import AlertKind
from households.models import Department
from households.risks import Risk

# ``alerts.travel.raising`` asks for these codes.
PREFIX = "AREA."
FIRST_POSITION = 800
BASIS = "中农组发〔2021〕7号：防范规模性返贫风险"


def kind_code(risk: str) -> str:
    return f"{PREFIX}{risk}"


def sync_area_kinds(**_kwargs: object) -> None:
    """After migrate: one row a risk."""
    if AlertKind._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    rows = [
        AlertKind(
            code=kind_code(risk),
            channel=Channel.DESK,
            name_zh=f"区域性事件：{_label(risk, 'zh-hans')}",
            name_en=f"Area event: {_label(risk, 'en')}",
            department=Department.RURAL,
            risk=risk,
            nature=Nature.EVENT,
            basis=BASIS,
            fresh=True,
            position=position,
        )
        for position, risk in enumerate(Risk, FIRST_POSITION)
    ]
    fields = [field.name for field in AlertKind._meta.fields if not field.primary_key]
    AlertKind.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)


def _label(risk: Risk, language: str) -> str:
    with translation.override(language):
        return str(risk.label)
