"""The command: into an empty database only, once, with logins that work, judged in order."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from households.models import EvidenceBatch, Household, Posting, Role, Standing, Threshold, User
from monitoring.demo import judging
from monitoring.demo.accounts import PASSWORD, login_table
from monitoring.demo.judging import WorkerSilent, months_to_judge, wait_for
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import last_month, open_run, work_run
from tests import factories
from tests.demo.conftest import JUNE


def _seed(*arguments):
    out = StringIO()
    call_command("seed_demo", "--households=60", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def seeded(db):
    return _seed("--month=2022-06", "--no-judge")


def test_it_loads_the_county_and_prints_a_login_of_every_role(seeded):
    assert Household.objects.count() == 60
    assert "60 户" in seeded
    assert seeded.count(PASSWORD) == len(Role)


@pytest.mark.parametrize("username", ["xian", "xianban", "shenji", "yibao", "quyuan", "cun037", "cun167"])
def test_the_printed_logins_sign_in(seeded, username):
    client = Client()
    client.post(reverse("staff:sign-in"), {"username": username, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(User.objects.get(username=username).pk)


def test_the_password_keeps_the_rules(seeded):
    for user in User.objects.all():
        validate_password(PASSWORD, user)
        assert not user.must_change_password


def test_every_village_has_one_specialist_and_some_have_two_villages(seeded):
    postings = Posting.objects.filter(role=Role.VILLAGE_SPECIALIST)
    assert postings.count() == 179
    assert len(set(postings.values_list("area", flat=True))) == 179
    assert len(set(postings.values_list("user", flat=True))) == 167


def test_a_second_time_prints_the_logins_and_changes_nothing(seeded):
    before = (User.objects.count(), EvidenceBatch.objects.count(), Household.objects.count())
    again = _seed("--full", "--no-judge")
    assert login_table() in again and "已在库中" in again
    assert (User.objects.count(), EvidenceBatch.objects.count(), Household.objects.count()) == before


def test_it_refuses_a_database_with_other_households(db):
    factories.household()
    with pytest.raises(CommandError, match="1 户非演示数据"):
        _seed()
    assert Household.objects.count() == 1
    assert not User.objects.exists()


def test_it_refuses_when_a_user_name_is_taken(db):
    User.objects.create_user("xian", "有人")
    with pytest.raises(CommandError, match="xian"):
        _seed()
    assert not Household.objects.exists()


def test_it_refuses_where_the_network_is_faced(db, settings):
    settings.SECURE_TLS = True
    with pytest.raises(CommandError, match="yes-demo"):
        _seed()
    assert not User.objects.exists()


def test_it_loads_there_when_told_twice(db, settings):
    settings.SECURE_TLS = True
    _seed("--yes-demo", "--no-judge")
    assert Household.objects.count() == 60


@pytest.mark.parametrize("month", ["2022-13", "June", "2019-12", "9999-01"])
def test_it_refuses_a_month_that_cannot_be_judged(db, month):
    with pytest.raises(CommandError, match="月份"):
        _seed(f"--month={month}")
    assert not User.objects.exists()


def test_a_year_without_a_published_line_gets_one_marked_as_a_demo_value(db):
    _seed("--no-judge")
    lines = Threshold.objects.filter(code="income_line", standing=Standing.DEMO)
    assert {line.valid_from.year for line in lines} >= {last_month().year}
    assert {line.document for line in lines} == {"演示值"}


def test_the_month_of_the_news_article_needs_no_demo_line(seeded):
    assert not Threshold.objects.filter(standing=Standing.DEMO, code="income_line").exists()


def test_without_waiting_only_the_last_month_is_opened(db, called):
    _seed("--month=2022-06")
    run = JudgmentRun.objects.get()
    assert run.month == JUNE and called == [run.pk]


def test_with_waiting_the_months_are_judged_one_after_the_other(db, monkeypatch):
    monkeypatch.setattr(judging, "call_workers", work_run)
    _seed("--month=2022-06", "--wait")
    runs = list(JudgmentRun.objects.order_by("pk").values_list("month", "state"))
    assert runs == [(month, "done") for month in months_to_judge(JUNE)]
    assert [month for month, _state in runs] == [dt.date(2022, 4, 1), dt.date(2022, 5, 1), JUNE]


def test_a_judgment_cut_short_is_taken_up_the_next_time(db, monkeypatch):
    _seed("--month=2022-06", "--no-judge")
    april = open_run(month=dt.date(2022, 4, 1))
    monkeypatch.setattr(judging, "call_workers", work_run)
    _seed("--wait")
    april.refresh_from_db()
    assert april.state == "done"
    assert JudgmentRun.objects.count() == 3


def test_a_silent_worker_is_said(db, monkeypatch):
    monkeypatch.setattr(judging.wait_for, "__defaults__", (0.0,))
    with pytest.raises(CommandError, match="worker"):
        _seed("--month=2022-06", "--wait")
    assert JudgmentRun.objects.get().state == "open"


def test_waiting_reports_progress_until_the_run_is_done(seeded):
    run = open_run(month=JUNE)
    with pytest.raises(WorkerSilent):
        wait_for(run, lambda *_counts: None, patience=0.0)
    work_run(run.pk)
    seen = []
    wait_for(run, lambda done, total: seen.append((done, total)), patience=0.0)
    assert seen == [(12, 12)]
