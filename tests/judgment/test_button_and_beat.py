"""The button, beat and the sweep open and hurry the same run; a dead broker loses nothing."""

import pytest
from kombu.exceptions import OperationalError

from monitoring.judgment import tasks
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import last_month, open_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """The ids of runs for which workers were called."""
    made = []
    monkeypatch.setattr(tasks.work_run, "delay", made.append)
    return made


def test_beat_opens_the_last_month_and_calls_the_workers(calls):
    run_id = tasks.judge_last_month()

    assert JudgmentRun.objects.get(pk=run_id).month == last_month()
    assert set(calls) == {run_id}


def test_the_button_opens_a_run_and_a_second_press_joins_it(sign_in, calls):
    client = sign_in("staff")
    first = client.post("/runs/start/", {"month": "2022-06"})
    second = client.post("/runs/start/", {"month": "2022-06"})

    run = JudgmentRun.objects.get()
    assert first.headers["location"] == second.headers["location"] == f"/runs/{run.pk}/"
    assert run.started_by.username == "staff"


def test_the_button_answers_when_the_broker_is_down(sign_in, monkeypatch):
    def _refuse(run_id):
        raise OperationalError

    monkeypatch.setattr(tasks.work_run, "delay", _refuse)

    response = sign_in("staff").post("/runs/start/", {"month": "2022-06"})

    assert response.status_code == 302
    assert JudgmentRun.objects.count() == 1


@pytest.mark.parametrize("name", ["township", "auditor"])
def test_who_may_only_look_cannot_start_a_run(sign_in, name):
    assert sign_in(name).post("/runs/start/", {"month": "2022-06"}).status_code == 403


def test_a_month_that_is_not_over_is_answered_with_a_sentence(sign_in, calls):
    response = sign_in("admin").post("/runs/start/", {"month": "2999-01"}, follow=True)

    assert "该月尚未结束" in response.content.decode()
    assert not JudgmentRun.objects.exists()


def test_the_sweep_calls_workers_for_open_runs_only(calls):
    open_run(month=last_month())

    assert tasks.sweep_open_runs() == 1
    assert len(calls) == tasks.CALLS
