"""Plain words for whoever reported: suggested by what the check brought, changed by the person who answers.

Chinese only, since villagers read them. Nothing personal stands in an answer: a receipt may be lost.
"""

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.travel.models import Alert, Outcome, Reason, Verdict

CALL = "如有变化，请联系乡村振兴专干或拨打12317。"

BY_OUTCOME: dict[str, str] = {
    Outcome.TO_IDENTIFY: "经入户核实，您反映的困难属实，已按程序开展监测对象识别，村里会上门办理，请留意。",
    Outcome.MEASURES: f"经入户核实，您反映的困难已有帮扶措施，正在落实。{CALL}",
    Outcome.WATCH: f"经入户核实，目前不符合监测对象条件，我们会继续关注。{CALL}",
    Outcome.NO_RISK: f"经核实，目前没有返贫致贫风险。{CALL}",
    Outcome.DUPLICATE: "您反映的情况此前已经受理，正在一并办理。",
}
BY_REASON: dict[str, str] = {
    Reason.DATA_WRONG: f"经入户核实，情况与登记的不一致，已更正，目前没有返贫致贫风险。{CALL}",
    Reason.SOLVED: f"经入户核实，您反映的困难已经解决。{CALL}",
    Reason.ABLE: f"经入户核实家庭收入和支出，目前能够应对，不符合监测对象条件。{CALL}",
    Reason.HELPED: f"经入户核实，现有帮扶政策已经覆盖您反映的困难。{CALL}",
    Reason.NOT_HERE: "经核实，该户已不在本村居住，请向现居住地的村委会反映。",
    Reason.OTHER: f"经入户核实，目前不符合监测对象条件。{CALL}",
}
CONFIRMED = "经入户核实，您反映的困难属实，已上报乡镇和县级研究帮扶措施，村里会与您联系。"

# Why a report is set aside, in words for the desk and for the receipt.
SET_ASIDE: dict[str, tuple[Promise, str]] = {
    "repeated": (_("Reported before"), "您反映的情况此前已经受理，正在一并办理。"),
    "unreachable": (
        _("Nobody can be reached or found"),
        "按您留下的信息没有联系到本人。如仍有困难，请联系村委会或拨打12317。",
    ),
    "no_difficulty": (
        _("Not about a difficulty in living"),
        "您反映的事项不属于防止返贫监测的范围，请向有关部门反映或拨打12345。",
    ),
    "abuse": (_("Nonsense or abuse"), "经核对，该上报未受理。如确有困难，请联系村委会或拨打12317。"),
}

# Eight digits in a row, or nine with blanks and dashes between: a phone, an identity or account number.
NUMBER = re.compile(r"[0-9]{8,}")
SPACED_NUMBER = re.compile(r"[0-9](?:[\s\-]?[0-9]){8,}")


def suggest_answer(alert: Alert | None) -> str:
    """``经入户核实，您反映的困难已经解决。…``; empty while nothing has been found out yet."""
    if alert is None:
        return ""
    if alert.outcome in {Outcome.TO_IDENTIFY, Outcome.MEASURES, Outcome.DUPLICATE}:
        return BY_OUTCOME[alert.outcome]
    if alert.verdict == Verdict.NO_RISK and alert.reason:
        return BY_REASON[alert.reason]
    if alert.outcome:
        return BY_OUTCOME[alert.outcome]
    return CONFIRMED if alert.verdict == Verdict.CONFIRMED else ""


def has_long_number(text: str) -> bool:
    """Whether something like a phone, identity or account number stands in the text, however it is written."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(NUMBER.search(plain) or SPACED_NUMBER.search(plain))
