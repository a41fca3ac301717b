"""A list that the medical insurance sends through the page: the officer sees what became of each of its rows."""

import csv
import io
from datetime import date
from decimal import Decimal

from households.imports.committing import commit_import
from households.imports.models import Import
from households.imports.services import receive_file
from households.imports.staging import stage_import
from households.models import MedicalBill, User
from households.privacy.seal import unseal
from monitoring.demo.accounts import COUNTY

OFFICER = COUNTY[-1][0]
HEADINGS = (
    *("身份证号", "姓名", "就诊类型", "结算日期", "医疗总费用"),
    *("基本医保报销", "大病保险报销", "医疗救助", "个人自付"),
)
KNOWN, NEW = 16, 4
# Of nobody: a number whose check digit is wrong, and one that no register holds.
WRONG, UNKNOWN = "420599199001010011", "420599199001010031"


def send_medical_list(month: date) -> int:
    """Returns how many rows it has. Most were known before, some are new, one is refused and one waits."""
    officer = User.objects.filter(username=OFFICER).first()
    bills = list(
        MedicalBill.objects.filter(
            settled_on__year=month.year, settled_on__month=month.month, visit_kind="inpatient", replaced_in=None
        )
        .select_related("person")
        .order_by("-self_pay", "pk")[: KNOWN + NEW]
    )
    if officer is None or not bills or Import.objects.filter(department="medical").exists():
        return 0
    rows = [_row(bill) for bill in bills[:KNOWN]]
    rows += [_row(bill, more=Decimal("321.50")) for bill in bills[KNOWN:]]
    rows += [
        (number, "何人", "住院", f"{month:%Y-%m}-15", "9000.00", "1800.00", "", "", "7200.00")
        for number in (WRONG, UNKNOWN)
    ]
    file = io.StringIO()
    csv.writer(file).writerows([HEADINGS, *rows])
    name = f"医保结算清单_{month:%Y-%m}.csv"
    received = receive_file(name=name, content=file.getvalue().encode("utf-8-sig"), by=officer, month=month)
    stage_import(received.pk)
    commit_import(received.pk, by=officer)
    return len(rows)


def _row(bill: MedicalBill, more: Decimal = Decimal(0)) -> tuple[str, ...]:
    """The bill as it is known, or one that cost ``more`` and is another."""
    identity = unseal(bill.person.identity_sealed) if bill.person.identity_sealed else ""
    paid = (bill.basic_paid, bill.serious_illness_paid, bill.aid_paid)
    return (
        identity,
        bill.person.name,
        "住院",
        bill.settled_on.isoformat(),
        _yuan(bill.total_cost, more),
        *(_yuan(amount) for amount in paid),
        _yuan(bill.self_pay, more),
    )


def _yuan(amount: Decimal | None, more: Decimal = Decimal(0)) -> str:
    return "" if amount is None else str(amount + more)
