"""Accounts from the command line."""

import datetime as dt
import re
import stat

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from households.models import AuditEntry, Posting, Role, User
from monitoring.roles import RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
HERE = "420527103204"


@pytest.fixture
def list_file(tmp_path, account_list):
    def _list_file(*lines):
        path = tmp_path / "list.xlsx"
        path.write_bytes(account_list(*lines))
        return path

    return _list_file


def test_it_takes_in_a_list_and_writes_the_passwords_for_the_owner_only(list_file, tmp_path, capsys):
    out = tmp_path / "passwords.xlsx"
    call_command("import_accounts", list_file({"姓名": "张三", "村代码": HERE}, {"姓名": "李四"}), out=out)

    _heading, row = load_workbook(out).active
    assert User.objects.get(name="张三").check_password(row[2].value)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    said = capsys.readouterr().out
    assert "3" in said
    assert "村" in said
    assert row[2].value not in said


def test_it_never_writes_over_a_file_and_then_makes_no_account(list_file, tmp_path):
    out = tmp_path / "passwords.xlsx"
    out.write_text("precious")
    with pytest.raises(CommandError):
        call_command("import_accounts", list_file({"姓名": "张三", "村代码": HERE}), out=out)
    assert out.read_text() == "precious"
    assert not User.objects.filter(name="张三").exists()


def test_it_leaves_no_file_when_the_list_says_nothing_new(list_file, tmp_path):
    path = list_file({"姓名": "张三", "村代码": HERE})
    call_command("import_accounts", path, out=tmp_path / "first.xlsx")
    call_command("import_accounts", path, out=tmp_path / "second.xlsx")
    assert not (tmp_path / "second.xlsx").exists()


@pytest.mark.parametrize("name", ["missing.xlsx", "text.xlsx"])
def test_it_says_what_is_wrong_with_a_file(tmp_path, name):
    (tmp_path / "text.xlsx").write_text("no spreadsheet")
    with pytest.raises(CommandError):
        call_command("import_accounts", tmp_path / name, out=tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_it_ends_every_posting_of_a_user_at_once(cast):
    call_command("end_posting", "specialist")
    assert not Posting.objects.current().filter(user=cast.specialist).exists()
    entries = AuditEntry.objects.filter(action="posting_ended", subject_id=str(cast.specialist.pk))
    assert entries.count() == 2
    assert {entry.actor_id for entry in entries} == {None}


def test_it_ends_one_area_on_a_day(cast):
    last_day = timezone.localdate() + dt.timedelta(days=7)
    call_command("end_posting", "specialist", f"--area={HERE}", f"--last-day={last_day}")
    ends = dict(cast.specialist.postings.values_list("area_id", "valid_until"))
    assert ends[HERE] == last_day
    assert set(ends.values()) == {last_day, None}


@pytest.mark.parametrize("arguments", [["nobody"], ["specialist", "--area", "420527101201"], ["leaver"]])
def test_it_says_that_nobody_is_posted_there(cast, arguments):
    with pytest.raises(CommandError):
        call_command("end_posting", *arguments)


def test_it_makes_the_first_administrator(capsys):
    call_command("create_admin", "guanli", "管理员甲")

    user = User.objects.get(username="guanli")
    assert user.role == Role.COUNTY_ADMIN
    assert all(user.has_perm(right) for right, roles in RIGHTS.items() if Role.COUNTY_ADMIN in roles)
    assert user.must_change_password
    [password] = re.findall(r"[A-Za-z0-9]{15}", capsys.readouterr().out)
    assert user.check_password(password)


@pytest.mark.parametrize("username", ["township", "x", "Großbuchstaben"])
def test_it_makes_no_administrator_under_a_name_that_is_taken_or_unfit(cast, username):
    with pytest.raises(CommandError):
        call_command("create_admin", username, "某人")
