"""manage.py import_file: the same road as the upload page."""

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override

from alerts.models import Alert
from households.imports.problems import ROW_PROBLEMS
from households.models import EvidenceBatch, Household, Import, IncomeLine, Membership, Outcome
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import last_month
from tests.imports.conftest import CODE, HOUSEHOLD, INCOME, MEDICAL, MEMBER, VILLAGE, as_csv, number

pytestmark = pytest.mark.django_db
LINE = [CODE, "202206", "工资性收入", "务工", "100"]


@pytest.fixture
def files(tmp_path):
    """The income ledger before the households: the command puts them in order."""
    contents = {
        "收入台账.csv": as_csv(INCOME, LINE, [*LINE[:4], "不详"]),
        "家庭成员.csv": as_csv(MEMBER, [CODE, f"{CODE}01", "张三", number(), "户主", "19800501", "女", "张三"]),
        "户信息.csv": as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"]),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents}


def test_it_imports_files_in_the_order_they_need(files, capsys):
    call_command("import_file", *files.values())
    assert (Household.objects.count(), Membership.objects.count(), IncomeLine.objects.count()) == (1, 1, 1)
    assert not Import.objects.filter(rows__outcome="waiting").exists()
    said = capsys.readouterr().out
    assert said.index("户信息.csv") < said.index("家庭成员.csv") < said.index("收入台账.csv")


def test_it_prints_counts_and_refused_rows_in_chinese(files, capsys):
    call_command("import_file", files["户信息.csv"], files["收入台账.csv"])
    said = capsys.readouterr().out
    with override("zh-hans"):
        assert f"{Outcome.NEW.label} 1" in said
        assert f"{Outcome.REFUSED.label} 1" in said
        assert str(ROW_PROBLEMS["amount_unreadable"]) in said
    assert "3" in said.splitlines()[-1]
    assert "金额" in said.splitlines()[-1]


def test_a_dry_run_writes_nothing(files, capsys):
    call_command("import_file", files["户信息.csv"], "--dry-run")
    assert "1" in capsys.readouterr().out
    assert not Household.objects.exists()
    assert not EvidenceBatch.objects.exists()


def test_it_says_that_the_same_file_was_imported_already(files, capsys):
    call_command("import_file", files["户信息.csv"])
    capsys.readouterr()
    call_command("import_file", files["户信息.csv"])
    with override("zh-hans"):
        assert f"{Outcome.SAME.label} 1" in capsys.readouterr().out


def test_a_file_that_cannot_be_used_ends_with_an_error_and_the_others_go_in(files, tmp_path, capsys):
    (tmp_path / "陌生.csv").write_text("序号,商品\n1,脐橙\n", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("import_file", str(tmp_path / "陌生.csv"), files["户信息.csv"])
    assert caught.value.returncode == 1
    assert Household.objects.count() == 1
    assert len([line for line in capsys.readouterr().err.splitlines() if line]) == 1


@pytest.mark.parametrize("username", ["nobody", "specialist"])
def test_it_imports_in_the_name_of_somebody_who_may(files, cast, username):
    call_command("import_file", files["户信息.csv"], "--as", "staff")
    assert Import.objects.get().uploaded_by == cast.staff
    with pytest.raises(CommandError):
        call_command("import_file", files["户信息.csv"], "--as", username)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_file", str(tmp_path / "nichts.csv"))


def test_a_dry_run_says_what_would_be_raised_over_all_files_together(files, tmp_path, capsys):
    day = last_month()
    (tmp_path / "户信息.csv").write_bytes(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三", "一般农户", "", "", "", ""]))
    medical = tmp_path / f"医保_{day:%Y%m}.csv"
    medical.write_bytes(as_csv(MEDICAL, [number(), "张三", "住院", f"{day:%Y-%m-%d}", "90000", "21000"]))

    call_command("import_file", *files.values(), str(medical), "--dry-run")

    *_counts, summary, first, second = capsys.readouterr().out.splitlines()
    with override("zh-hans"):
        assert summary == gettext("Would raise %(count)s alerts, %(red)s red") % {"count": 2, "red": 1}
    assert "MED02" in first and CODE in first and "21,000.00" in first
    assert "MED07" in second
    assert not Alert.objects.exists() and not JudgmentRun.objects.exists() and not Household.objects.exists()
    assert not EvidenceBatch.objects.exists()
