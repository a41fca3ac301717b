"""Files that raise alerts, what people do about them, and the undo of the files."""

import datetime as dt

from alerts.models import Alert
from households.ledger.services import record_event
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.undoing import undo_import
from tests.imports.conftest import CODE, INCOME, MEDICAL, as_csv, take_in

JUNE = dt.date(2022, 6, 1)


def judge(month=JUNE) -> JudgmentRun:
    """A whole month; ``judge_batches`` judges what came in, which is faster."""
    run = open_run(month=month)
    work_run(run.pk)
    run.refresh_from_db()
    return run


def ledger(*lines, name="收入.csv"):
    """Lines of code and yuan, all of June's wages."""
    return take_in(as_csv(INCOME, *([code, "202206", "工资性收入", "务工", yuan] for code, yuan in lines)), name)


def bills(*rows, month="202206"):
    """Bills of identity number and yuan paid, as in-patients on the 5th."""
    day = f"{month[:4]}-{month[4:]}-05"
    lines = [[identity, "某人", "住院", day, "90000", paid] for identity, paid in rows]
    return take_in(as_csv(MEDICAL, *lines), f"医保_{month}.csv")


def undo(row, by):
    return undo_import(import_id=row.pk, reason="错发文件", by=by)


def alerts(code=CODE):
    return set(Alert.objects.filter(household__code=code).values_list("kind_id", "status"))


def acknowledge(alert, by):
    """What somebody in the village does."""
    Alert.objects.filter(pk=alert.pk).update(status="acknowledged")
    record_event(kind="alert_acknowledged", subject="alert", subject_id=alert.pk, place=alert, actor=by)
