"""Words of an account list: roles, departments, days. The words are the field's own, hence not translated."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from households.staff.account_list import Line, LineRefused, read_day
from households.staff.models import Department, Role

ROLE_WORDS: dict[str, Role] = {
    "": Role.VILLAGE_SPECIALIST,
    "乡村振兴专干": Role.VILLAGE_SPECIALIST,
    "村级专干": Role.VILLAGE_SPECIALIST,
    "专干": Role.VILLAGE_SPECIALIST,
    "村级": Role.VILLAGE_SPECIALIST,
    "村": Role.VILLAGE_SPECIALIST,
    "乡镇": Role.TOWNSHIP_STAFF,
    "乡镇干部": Role.TOWNSHIP_STAFF,
    "乡镇工作人员": Role.TOWNSHIP_STAFF,
    "县管理员": Role.COUNTY_ADMIN,
    "县级管理员": Role.COUNTY_ADMIN,
    "管理员": Role.COUNTY_ADMIN,
    "县": Role.COUNTY_STAFF,
    "县级": Role.COUNTY_STAFF,
    "县级干部": Role.COUNTY_STAFF,
    "县级工作人员": Role.COUNTY_STAFF,
    "部门": Role.DEPARTMENT_OFFICER,
    "部门人员": Role.DEPARTMENT_OFFICER,
    "部门联络员": Role.DEPARTMENT_OFFICER,
    "行业部门": Role.DEPARTMENT_OFFICER,
    "审计": Role.AUDITOR,
    "审计员": Role.AUDITOR,
} | {role.value: role for role in Role}

DEPARTMENT_WORDS: dict[str, str] = {
    "": "",
    "农业农村局": Department.RURAL,
    "乡村振兴局": Department.RURAL,
    "医保局": Department.MEDICAL,
    "医疗保障局": Department.MEDICAL,
    "民政局": Department.CIVIL,
    "教育局": Department.EDUCATION,
    "残联": Department.DISABLED,
    "残疾人联合会": Department.DISABLED,
    "住建局": Department.HOUSING,
    "住房和城乡建设局": Department.HOUSING,
    "水利局": Department.WATER,
    "水利和湖泊局": Department.WATER,
    "交警大队": Department.TRAFFIC,
    "交警": Department.TRAFFIC,
    "应急管理局": Department.EMERGENCY,
    "人社局": Department.LABOUR,
    "人力资源和社会保障局": Department.LABOUR,
} | {department.value: department for department in Department}


def role_of(text: str) -> Role:
    """No word means a specialist: that is what these lists are for."""
    role = ROLE_WORDS.get(text) or next((role for role in Role if role.label == text), None)
    if role is None:
        raise LineRefused("role", _("“%(word)s” is not a role.") % {"word": text})
    return role


def department_of(text: str) -> str:
    """``县医保局`` and ``秭归县医保局`` are ``医保局``; a department may be written as the pages show it, too."""
    word = re.sub("^.*县", "", text)
    department = DEPARTMENT_WORDS.get(word)
    if department is None:
        department = next((one.value for one in Department if one.label == text), None)
    if department is None:
        raise LineRefused("department", _("“%(word)s” is not a department of this system.") % {"word": text})
    return department


def read_period(line: Line) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, None where the cell is empty."""
    days = []
    for column in ("valid_from", "valid_until"):
        text = getattr(line, column)
        day = read_day(text)
        if text and day is None:
            raise LineRefused(column, _("“%(text)s” is not a date.") % {"text": text})
        days.append(day)
    return days[0], days[1]
