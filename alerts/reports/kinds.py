"""Causes that people report, as kinds of alerts: one row a channel and risk. Plain tables.

A visit with a found risk is evidence, and a rule finds ``VISIT`` in it; a specialist's report joins that alert.
"""

from django.db import connection

from alerts.kinds import AlertLevel, Channel, Nature
from alerts.reports.models import Source
from alerts.travel.models import AlertKind
from households.models import Department
from households.risks import Risk

# Whatever people report is looked at within the yellow deadlines (SUP01, SEL01); a person may know more.
LEVEL = AlertLevel.YELLOW
# Behind the rules.
FIRST_POSITION = 500

CHANNELS: dict[Channel, tuple[str, str, str]] = {
    # Name in Chinese and English, and what it rests on.
    Channel.VISIT: (
        "走访发现",
        "Found on a visit",
        "中农组发〔2021〕7号：干部走访排查",
    ),
    Channel.SELF: (
        "农户自主申报",
        "Villager's own report",
        "中农组发〔2021〕7号：农户自主申报（SEL01）",
    ),
    Channel.HOTLINE: (
        "热线和信访反映",
        "Hotline or petition",
        "监督反馈：12317、12345、信访线索（SUP01）",
    ),
    Channel.DESK: (
        "乡镇和县级上报",
        "Township or county entry",
        "中农组发〔2021〕7号：干部走访排查；监督渠道反馈",
    ),
}

CHANNEL_OF: dict[Source, Channel] = {
    Source.PUBLIC: Channel.SELF,
    Source.HOTLINE_12317: Channel.HOTLINE,
    Source.HOTLINE_12345: Channel.HOTLINE,
    Source.PETITION: Channel.HOTLINE,
    Source.SPECIALIST: Channel.VISIT,
    Source.TOWNSHIP: Channel.DESK,
    Source.COUNTY: Channel.DESK,
}

# What the alert's sentence says of where it comes from. Nothing of the person, nothing of the words.
SOURCES: dict[Source, tuple[str, str]] = {
    Source.PUBLIC: ("农户自主申报", "A villager's own report"),
    Source.HOTLINE_12317: ("12317热线反映", "Reported to 12317"),
    Source.HOTLINE_12345: ("12345热线反映", "Reported to 12345"),
    Source.PETITION: ("信访反映", "A petition"),
    Source.SPECIALIST: ("乡村振兴专干上报", "A specialist's report"),
    Source.TOWNSHIP: ("乡镇上报", "Entered by the township"),
    Source.COUNTY: ("县级上报", "Entered by the county"),
}

# Risk → its words, and the department whose matter it is.
RISKS: dict[Risk, tuple[str, str, Department]] = {
    Risk.ILLNESS: ("因病", "illness", Department.MEDICAL),
    Risk.SCHOOLING: ("因学", "schooling", Department.EDUCATION),
    Risk.DISABILITY: ("因残", "disability", Department.DISABLED),
    Risk.DISASTER: ("因自然灾害", "natural disaster", Department.EMERGENCY),
    Risk.ACCIDENT: ("因意外事故", "accident", Department.RURAL),
    Risk.PROJECT: ("因产业项目失败", "failed business project", Department.RURAL),
    Risk.EMPLOYMENT: ("因务工就业不稳", "unstable employment", Department.LABOUR),
    Risk.LABOUR: ("缺劳动力", "lack of labour", Department.CIVIL),
    Risk.HOUSING: ("因安全住房", "unsafe housing", Department.HOUSING),
    Risk.WATER: ("因安全饮水", "unsafe drinking water", Department.WATER),
    Risk.INSURANCE: ("未参加医保", "no medical insurance", Department.MEDICAL),
    Risk.INCOME: ("收入偏低", "low income", Department.RURAL),
    Risk.OTHER: ("其他", "other", Department.RURAL),
}


def kind_code(channel: str, risk: str) -> str:
    """``SELF.illness``: the cause of whatever came by this channel and speaks of this risk."""
    return f"{str(channel).upper()}.{risk}"


def sentences(source: str, risk: str) -> tuple[str, str]:
    """What an alert says of a report, in Chinese and English: ``12345热线反映：因病``."""
    source_zh, source_en = SOURCES[Source(source)]
    risk_zh, risk_en, _department = RISKS[Risk(risk)]
    return f"{source_zh}：{risk_zh}", f"{source_en}: {risk_en}"


def sync_report_kinds(**_kwargs: object) -> None:
    """After migrate: one row a channel and risk. Each report is a new happening, hence ``fresh``."""
    if AlertKind._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    rows = [
        AlertKind(
            code=kind_code(channel, risk),
            channel=channel,
            name_zh=f"{name_zh}：{risk_zh}",
            name_en=f"{name_en}: {risk_en}",
            department=department,
            risk=risk,
            nature=Nature.EVENT,
            basis=basis,
            fresh=True,
            # A second visit of the month that finds the risk again is heard, also when the first was closed.
            measure="visits" if channel == Channel.VISIT else "",
            worse="higher" if channel == Channel.VISIT else "",
        )
        for channel, (name_zh, name_en, basis) in CHANNELS.items()
        for risk, (risk_zh, risk_en, department) in RISKS.items()
    ]
    for position, row in enumerate(rows, FIRST_POSITION):
        row.position = position
    fields = [field.name for field in AlertKind._meta.fields if not field.primary_key]
    AlertKind.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
